#!/usr/bin/env python3
"""One body signed twice: two transactions on the wire, one in the ledger."""

import base64
import concurrent.futures
import threading
import time
import unittest

from cluster import Cluster, main
from filings import (advance, check_audit, check_committed_everywhere, check_same_chain, sign_twins)

TWINS = 200
SENDERS = 4  # one for each node
ATTEMPTS = 200


class Twins(unittest.TestCase):
    def send(self, node, wire):
        """Until the node has taken it, whichever of the twins it knows."""
        for _ in range(ATTEMPTS):
            outcome = node.submit([wire]).json()["outcomes"][0]
            if not outcome.get("retry_after_ms"):
                return outcome
            time.sleep(min(outcome["retry_after_ms"], 200) / 1000)
        raise AssertionError(outcome)

    def test_each_variant_goes_to_half_of_the_nodes_at_the_same_moment(self):
        with Cluster() as cluster, concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
            twins = sign_twins(cluster, TWINS)
            self.assertEqual(len({wire for _, *wires in twins for wire in wires}), 2 * TWINS)
            together = threading.Barrier(SENDERS)

            def race(number, node):
                for row, (_, first, second) in enumerate(twins):
                    # Over the rows every node gets either variant, and every node is a leader.
                    variant = first if (number + row // 2) % 4 < 2 else second
                    together.wait(60)
                    self.assertIn(self.send(node, variant)["state"], ("pending", "committed"))

            done = [pool.submit(race, number, node) for number, node in enumerate(cluster.nodes)]
            for race_done in done:
                race_done.result()
            ids = {twin[0] for twin in twins}
            for identifier in ids:
                wait = cluster.nodes[0].get(f"/v1/transactions/{identifier}?wait_ms=30000")
                self.assertEqual(wait["state"], "committed", wait)
            advance(cluster)
            self.assertLessEqual(ids, check_same_chain(self, cluster))
            check_committed_everywhere(self, cluster, ids)
            self.either_variant_got_in(cluster, twins)
            self.late_twin_changes_nothing(cluster, twins[0])
            check_audit(self, cluster)

    def either_variant_got_in(self, cluster, twins):
        """The blocks hold one variant of each body, and not always the same: it was a race."""
        reply = cluster.nodes[0].request("GET", "/v1/export", headers={"Accept": "application/json"})
        self.assertEqual(reply.json()["tip"], len(reply.json()["blocks"]))
        octets = b"".join(base64.b64decode(block) for block in reply.json()["blocks"])
        won = [[base64.b64decode(wire) in octets for wire in wires] for _, *wires in twins]
        self.assertEqual({sum(pair) for pair in won}, {1})
        self.assertEqual({pair[0] for pair in won}, {True, False})

    def late_twin_changes_nothing(self, cluster, twin):
        """Both variants, long after one of them is final: the answer is the receipt there is."""
        height = cluster.settle()
        for node in cluster.nodes:
            for wire in twin[1:]:
                outcome = self.send(node, wire)
                self.assertEqual((outcome["id"], outcome["state"]), (twin[0], "committed"))
        self.assertEqual(cluster.settle(), height)


if __name__ == "__main__":
    main()
