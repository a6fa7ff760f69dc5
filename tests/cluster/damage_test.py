#!/usr/bin/env python3
"""Damaged data are named, never believed, and fetched again from the peers."""

import contextlib
import glob
import os
import shutil
import unittest

from cluster import Cluster, main, wait_until
from filings import (Load, advance, check_audit, check_committed_everywhere, check_same_chain,
                     submit_example, votes)

HEAD_SLOTS = (0, 4096)
SLOT_BYTE = 40          # inside a slot's text
FIRST_RECORD = 530      # inside the first record of a vote log
LOG_KEPT_BYTES = 2048   # of a vote log that is cut


def flip(file, offset):
    with open(file, "r+b") as octets:
        octets.seek(offset)
        octet = octets.read(1)[0]
        octets.seek(offset)
        octets.write(bytes([octet ^ 1]))


def vote_log(node):
    return glob.glob(os.path.join(node.data, "votes/votes-*.log"))[0]


def store_files(node, suffix):
    files = [file for file in glob.glob(os.path.join(node.data, f"store/*.{suffix}"))
             if os.path.getsize(file) > 200]
    assert files, (node.name, suffix)
    return files


def flip_vote_record(node):
    flip(vote_log(node), FIRST_RECORD)


def cut_vote_log(node):
    os.truncate(vote_log(node), LOG_KEPT_BYTES)


def flip_head(node):
    for slot in HEAD_SLOTS:
        flip(os.path.join(node.data, "votes/head"), slot + SLOT_BYTE)


def flip_tables(node):
    for file in store_files(node, "sst"):
        flip(file, os.path.getsize(file) // 10)


def flip_tables_of_lists(node):
    """Those that nothing reads when the store is opened."""
    files = [file for file in store_files(node, "sst") if b"lists" in open(file, "rb").read()]
    assert files, node.name
    for file in files:
        flip(file, 20)


def flip_write_ahead_log(node):
    for file in store_files(node, "log"):
        flip(file, os.path.getsize(file) // 2)


def delete_store(node):
    shutil.rmtree(os.path.join(node.data, "store"))


class Damage(unittest.TestCase):
    @contextlib.contextmanager
    def cluster_with_work(self):
        with Cluster() as cluster:
            load = Load(cluster, "1")
            try:
                load.end()
            finally:
                load.stop()
            cluster.acknowledged = load.acknowledged()
            yield cluster

    def recovers(self, cluster, node, damage, finding):
        """Stops `node`, damages it and starts it: it says so, comes back whole and votes."""
        cluster.settle()
        node.stop()
        damage(node)
        self.comes_back(cluster, node, damage, finding)

    def comes_back(self, cluster, node, damage, finding):
        node.start()
        wait_until(f"{node.name} answers", lambda: node.status()["validators"])
        findings = node.status()["findings"]
        self.assertEqual(len(findings), 1, (damage.__name__, findings))
        self.assertIn(finding, findings[0], damage.__name__)
        self.assertTrue(node.says("start_finding", findings[0].split(";")[0][:60]), findings)

        def whole():
            advance(cluster)
            return votes(node)
        wait_until(f"{node.name} votes again after {damage.__name__}", whole)
        past = findings[0].split("; mended at ")[0] + "; mended at 2"
        wait_until(f"what was found is past: {past}",
                   lambda: node.status()["findings"][0].startswith(past))
        self.assertTrue(node.says("start_finding_mended", findings[0].split(";")[0][:60]))
        self.assertTrue(glob.glob(os.path.join(node.data, "*/damaged-*"))
                        or damage is delete_store, "nothing was set aside")
        for old in glob.glob(os.path.join(node.data, "*/damaged-*")):
            shutil.rmtree(old)

    def checks(self, cluster):
        check_same_chain(self, cluster)
        check_committed_everywhere(self, cluster, cluster.acknowledged)
        check_audit(self, cluster)

    def test_a_damaged_vote_log_or_head_is_named_and_the_node_votes_again_after_its_peers_answer(self):
        with self.cluster_with_work() as cluster:
            nodes = cluster.nodes
            self.recovers(cluster, nodes[1], flip_vote_record, "votelog.bad_record")
            self.recovers(cluster, nodes[2], cut_vote_log, "votelog.")
            self.recovers(cluster, nodes[3], flip_head, "votelog.head_missing")
            self.checks(cluster)

    def test_a_damaged_or_missing_store_is_named_and_filled_again_from_peers(self):
        with self.cluster_with_work() as cluster:
            nodes = cluster.nodes
            self.recovers(cluster, nodes[1], flip_write_ahead_log, "store.damaged")
            # A clean second start moves the write-ahead log's blocks into tables.
            cluster.settle()
            nodes[2].stop()
            nodes[2].start()
            wait_until("ready", nodes[2].ready)
            self.recovers(cluster, nodes[2], flip_tables, "store.damaged")
            self.recovers(cluster, nodes[3], delete_store, "store.damaged")
            self.checks(cluster)

    def test_a_store_too_large_to_read_at_start_is_read_while_the_node_serves(self):
        with self.cluster_with_work() as cluster:
            node = cluster.nodes[2]
            cluster.settle()  # what it holds at its stop stands in tables after its start
            with open(os.path.join(node.folder, "beiand.toml"), "a") as config:
                config.write("[limits]\nstore_checked_bytes = 0\n")
            node.stop()
            node.start()
            wait_until("it is ready with whole tables", node.ready)
            cluster.settle()
            node.stop()
            flip_tables_of_lists(node)
            node.start()
            wait_until("it ends by itself", lambda: not node.pid())
            self.assertTrue(node.says("store.damaged", ".sst", "the next start fills"), node.log())
            self.comes_back(cluster, node, flip_tables_of_lists, "store.damaged")
            self.checks(cluster)

    def test_one_damaged_slot_of_the_head_is_repaired_from_the_other(self):
        with self.cluster_with_work() as cluster:
            for node, slot in zip(cluster.nodes[1:], HEAD_SLOTS):
                node.stop()
                flip(os.path.join(node.data, "votes/head"), slot + SLOT_BYTE)
                node.start()
                wait_until("it is ready", node.ready)
                self.assertEqual(node.status()["findings"], [], "its log was lost, not repaired")
                self.assertFalse(glob.glob(os.path.join(node.data, "*/damaged-*")))
                advance(cluster)
            self.checks(cluster)

    def test_a_changed_byte_of_an_export_is_found_by_the_audit_which_names_the_height(self):
        with self.cluster_with_work() as cluster:
            cluster.nodes[3].stop()
            good, bad = cluster.path("good.chain"), cluster.path("bad.chain")
            self.assertEqual(cluster.nodes[3].export(good).code, 0)
            check_audit(self, cluster, "--export", good)
            size = os.path.getsize(good)
            for part in range(1, 8):
                shutil.copy(good, bad)
                flip(bad, size * part // 8)
                done = cluster.cli("audit", "run", "--export", bad, "-o", "json")
                self.assertEqual(done.code, 10, done)
                report = done.json()
                self.assertEqual(report["verdict"], "bad", report)
                self.assertGreaterEqual(report["findings"][0]["height"], 1, report)

    def test_a_changed_byte_of_a_certificate_is_refused_and_so_is_a_cut_one(self):
        with Cluster() as cluster:
            filing = submit_example(cluster)["filing"]
            for action, key in (("take", "beijing"), ("forward", "beijing"), ("approve", "cac")):
                answer = cluster.ok("review", action, filing, "--key", key)
            certificate = cluster.path("certificate.json")
            cluster.ok("code", "certificate", answer["results"][0]["code"], certificate)
            done = cluster.cli("code", "verify", "--offline", certificate)
            self.assertEqual(done.code, 0, done)
            with open(certificate, encoding="utf-8") as file:
                text = file.read()
            forged = cluster.path("forged.json")
            for place in range(len(text) // 12, len(text) - 50, len(text) // 12):
                # A letter or digit that means another one in hex and in base64.
                at = next(i for i in range(place, len(text)) if text[i].isalnum())
                with open(forged, "w", encoding="utf-8") as file:
                    file.write(text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1:])
                done = cluster.cli("code", "verify", "--offline", forged)
                self.assertEqual(done.code, 10, f"character {at}: {text[at - 40:at + 10]}\n{done}")


if __name__ == "__main__":
    main()
