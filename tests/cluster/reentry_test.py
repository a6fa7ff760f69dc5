#!/usr/bin/env python3
"""A node that lost everything comes back, and its vote counts again."""

import os
import shutil
import unittest

from cluster import Cluster, main, wait_until
from filings import (Load, advance, check_audit, check_committed_everywhere, check_same_chain,
                     votes)


class Reentry(unittest.TestCase):
    def test_a_node_without_data_fetches_everything_and_votes_again(self):
        with Cluster() as cluster:
            load = Load(cluster, "1")
            try:
                load.end()
            finally:
                load.stop()
            lost, other = cluster.node("jiangsu"), cluster.node("beijing")
            lost.stop()
            shutil.rmtree(lost.data)
            view = max(node.status()["view"] for node in cluster.nodes if node is not lost)
            lost.start()
            wait_until("it answers", lambda: lost.status()["findings"])
            self.assertIn("votelog.missing", lost.status()["findings"][0])
            self.assertTrue(lost.says("start_finding", "votelog.missing"))
            wait_until("it has every block", lambda: cluster.settle() == lost.height())
            self.votes_again(cluster, lost)
            self.assertGreater(lost.status()["view"], view)
            check_same_chain(self, cluster)
            check_committed_everywhere(self, cluster, load.acknowledged())
            other.kill()
            height = max(node.height() for node in cluster.nodes if node is not other)
            # Three of four are a quorum only when the one that came back votes.
            for step in range(1, 4):
                self.assertGreaterEqual(advance(cluster), height + step)
            other.start()
            wait_until("the killed one is ready", other.ready)
            check_same_chain(self, cluster)
            check_audit(self, cluster)

    def test_a_node_whose_vote_log_is_an_older_copy_does_not_vote_before_re_entry(self):
        with Cluster() as cluster:
            advance(cluster)
            victim = cluster.node("jiangsu")
            votes_folder, copy = os.path.join(victim.data, "votes"), cluster.path("old-votes")
            victim.kill()
            shutil.copytree(votes_folder, copy)
            victim.start()
            wait_until("it votes", lambda: advance(cluster) and votes(victim))
            for _ in range(3):
                advance(cluster)
            cluster.settle()
            victim.kill()
            shutil.rmtree(votes_folder)
            shutil.copytree(copy, votes_folder)
            victim.start()
            wait_until("it answers", lambda: victim.status()["findings"])
            self.assertIn("votelog.rolled_back", victim.status()["findings"][0])
            self.votes_again(cluster, victim)
            victim.kill()
            victim.start()
            wait_until("it is ready again", victim.ready)
            self.assertEqual(victim.status()["findings"], [])
            check_same_chain(self, cluster)

    def votes_again(self, cluster, node):
        """Re-entry needs views to pass, so there must be something to decide."""
        def unmuted():
            advance(cluster)
            return votes(node)
        wait_until("it may vote", unmuted)
        wait_until("it is ready", node.ready)
        self.assertEqual(node.status()["state"], "ready")


if __name__ == "__main__":
    main()
