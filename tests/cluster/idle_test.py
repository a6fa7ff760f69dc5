#!/usr/bin/env python3
"""A chain without work is quiet and small."""

import time
import unittest

from cluster import Cluster, main
from filings import advance

IDLE_SECONDS = 35
BLOCKS_MAX = 2          # one empty block in 30 s
RESIDENT_BYTES_MAX = 150_000_000


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


class Idle(unittest.TestCase):
    def test_an_idle_chain_makes_few_blocks_and_needs_little_memory(self):
        with Cluster() as cluster:
            advance(cluster)
            height = cluster.settle()
            time.sleep(IDLE_SECONDS)
            for node in cluster.nodes:
                self.assertLessEqual(node.height(), height + BLOCKS_MAX, node.name)
                self.assertLess(resident_bytes(node.pid()), RESIDENT_BYTES_MAX, node.name)
                self.assertTrue(node.ready(), node.name)


if __name__ == "__main__":
    main()
