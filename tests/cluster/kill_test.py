#!/usr/bin/env python3
"""`kill -9` under load: nothing that was acknowledged is lost."""

import os
import signal
import unittest

from cluster import BIN, Cluster, main, run, wait_until
from filings import (Load, advance, check_audit, check_committed_everywhere, check_same_chain)

FIRST_KILL = 150  # acknowledgements before it
ROUNDS = 3
SLOWLY = ("--connections", "1", "--batch", "8")  # there is still load at the last kill


class Kill(unittest.TestCase):
    def check_all(self, cluster, load):
        acknowledged = load.acknowledged()
        self.assertEqual(len(acknowledged), load.rows)
        before = cluster.settle()
        self.assertGreater(advance(cluster), before)
        self.assertLessEqual(acknowledged, check_same_chain(self, cluster))
        check_committed_everywhere(self, cluster, acknowledged)
        check_audit(self, cluster)
        for node in cluster.nodes:
            self.assertEqual(node.status()["findings"], [], node.name)

    def test_one_node_is_killed_again_and_again_and_catches_up(self):
        with Cluster() as cluster:
            load = Load(cluster, pace=SLOWLY)
            try:
                load.start()
                for turn in range(ROUNDS):
                    load.wait_for(FIRST_KILL * (turn + 1))
                    victim = cluster.nodes[turn % len(cluster.nodes)]
                    victim.kill()
                    acknowledged = load.acknowledged()
                    self.assertLess(len(acknowledged), load.rows, "no load at the kill")
                    load.wait_for(min(len(acknowledged) + 50, load.rows))
                    victim.start()
                    wait_until(f"{victim.name} is ready", victim.ready)
                load.end()
            finally:
                load.stop()
            self.check_all(cluster, load)

    def test_all_nodes_are_killed_at_once(self):
        with Cluster() as cluster:
            load = Load(cluster, "1:3", pace=SLOWLY)
            try:
                load.start()
                load.wait_for(FIRST_KILL)
                for node in cluster.nodes:
                    node.kill()
                before = load.acknowledged()
                self.assertLess(len(before), load.rows, "no load at the kill")
                load.stop()
                cluster.start_all()
                cluster.settle()  # the last block may have reached some before the kill
                check_committed_everywhere(self, cluster, before)
                load.end()
            finally:
                load.stop()
            self.check_all(cluster, load)

    def test_the_commands_that_status_names_bring_back_a_stopped_node_and_a_dead_one(self):
        with Cluster() as cluster:
            stopped, dead = cluster.nodes[1:3]
            os.kill(stopped.pid(), signal.SIGSTOP)
            dead.kill()
            status = cluster.cli("cluster", "status", "-o", "json").json()
            states = {row["name"]: row["state"] for row in status["nodes"]}
            self.assertEqual((states[stopped.name], states[dead.name]), ("silent", "down"))
            doctor = cluster.cli("doctor", "-o", "json").json()["diagnoses"]
            self.assertIn(f"kill -KILL {stopped.pid()}", [one["next"] for one in doctor])
            for command in status["next"]:
                done = run("sh", "-c", command,
                           environment={"PATH": f"{os.path.abspath(BIN)}:{os.environ['PATH']}"})
                self.assertEqual(done.code, 0, done)
            wait_until("all are ready", lambda: all(node.ready() for node in cluster.nodes))
            self.assertEqual(cluster.ok("cluster", "status")["next"], [])


if __name__ == "__main__":
    main()
