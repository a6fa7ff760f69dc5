#!/usr/bin/env python3
"""The tables of the published sets are counted from the chain: what is missing there is named."""

import json
import os
import unittest

from cluster import ROOT, Cluster, main
from filings import Load

DATA = os.path.join(ROOT, "data")


def drop_first_of(load, digits):
    """Takes the first filing of a province out of the plan, as if it had been lost on the way."""
    with open(load.plan, encoding="utf-8") as file:
        lines = file.readlines()
    lost = next(line for line in lines if json.loads(line)["subject.division"].startswith(digits))
    lines.remove(lost)
    load.rows = len(lines)
    with open(load.plan, "w", encoding="utf-8") as file:
        file.writelines(lines)


def review_all(cluster):
    keys = sorted(os.listdir(os.path.join(cluster.folder, "keys")))
    for office in (os.path.splitext(key)[0] for key in keys):
        if office not in ("cac", "auditor"):
            cluster.ok("review", "take", "--all", "--key", office)
            cluster.ok("review", "forward", "--all", "--key", office)
    cluster.ok("review", "approve", "--all", "--key", "cac")


class PublishedSets(unittest.TestCase):
    def test_a_dropped_filing_is_missed_in_its_cell(self):
        with Cluster() as cluster:
            load = Load(cluster, "1")
            drop_first_of(load, "11")
            load.start()
            load.end()
            review_all(cluster)
            cluster.ok("set", "publish", "--number", "1", "--date", "2019-03-30", "--all",
                       "--key", "cac")
            for table, named in (
                    ("sets", ["set 1, filings: published 197, on the ledger 196",
                              "set 1, 北京: published 63, on the ledger 62"]),
                    ("provinces", ["北京市: published 63, on the ledger 62"])):
                done = cluster.cli("stats", table, "--published", DATA, "--sets", "1", "-o", "json")
                self.assertEqual(done.code, 1, done)
                self.assertEqual(done.json()["differences"], named)
                self.assertIn(named[0], done.err)


if __name__ == "__main__":
    main()
