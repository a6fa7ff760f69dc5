#!/usr/bin/env python3
"""Bad input over HTTP to a live node: refused with its stable id, and nothing changes."""

import base64
import json
import os
import unittest

from cluster import Cluster, main, wait_until
from filings import advance, check_audit, check_same_chain, sign_twins, submit_example

JSON = {"Content-Type": "application/json"}
PROTOBUF = {"Content-Type": "application/x-protobuf"}
OTHER_CHAIN = "ab" * 32
FAR_MS = 3_600_000        # an expiry that no block may hold yet
BODY_BYTES = 5_000_000    # more than the API takes


class BadInput(unittest.TestCase):
    def refused(self, reply, status, identifier):
        self.assertEqual(reply.status, status, reply.body[:500])
        error = reply.json()
        self.assertEqual(error["id"], identifier, error)
        self.assertTrue(error["remedy"], error)

    def rejected(self, node, wire, identifier, state="rejected", status=422):
        """One transaction, well formed as a request, that must not get in."""
        reply = node.submit([wire], wait_ms=2000)
        outcome = reply.json()["outcomes"][0]
        self.assertEqual((reply.status, outcome["state"], outcome.get("error_id")),
                         (status, state, identifier), outcome)

    def bad_requests(self, node):
        post = lambda body, headers: node.request("POST", "/v1/transactions", body, headers)
        for body in (b"", b"{", b"[]", b"null", b'{"transactions":7}', b'{"transactions":["*"]}',
                     b'{"transactions":[7]}', b'{"transactions":[],"more":1}', b"\xff\xfe" * 50,
                     b'{"transactions":["AA=="],"wait_ms":60001}', b"[" * 100_000):
            self.refused(post(body, JSON), 400, "request.bad_body")
        for body in (b"\xff" * 100, b"\x0a\x05ab", os.urandom(3) + b"\xff" * 40):
            self.refused(post(body, PROTOBUF), 400, "request.bad_body")
        self.refused(post(b"{}", {"Content-Type": "text/xml"}), 415, "request.bad_content_type")
        self.refused(node.request("GET", "/v1/transactions/xyz"), 400, "request.bad_id")
        self.refused(node.request("GET", "/v1/blocks/0x1"), 400, "request.bad_number")
        self.refused(node.request("GET", "/v1/filings?province=zz"), 400, "request.bad_province")
        self.refused(node.request("GET", "/v2/nothing"), 404, "http.not_found")
        self.refused(node.request("DELETE", "/v1/transactions"), 405, "http.method_not_allowed")

    def too_large(self, node):
        """Refused by what it announces: the node closes before it has read the body."""
        reply = node.request("POST", "/v1/transactions", None,
                             {**JSON, "Content-Length": str(BODY_BYTES)})
        self.refused(reply, 413, "http.body_too_large")

    def bad_transactions(self, cluster, node):
        wire = base64.b64decode(sign_twins(cluster, 1)[0][1])
        encode = lambda octets: base64.b64encode(octets).decode("ascii")
        changed = bytearray(wire)
        changed[-1] ^= 1
        self.rejected(node, encode(changed), "transaction.bad_signature")
        self.rejected(node, sign_twins(cluster, 1, chain=OTHER_CHAIN)[0][1],
                      "transaction.bad_signature")
        self.rejected(node, sign_twins(cluster, 1, expiry_in_ms=-1000)[0][1],
                      "mempool.expired", state="expired")
        self.rejected(node, sign_twins(cluster, 1, expiry_in_ms=FAR_MS)[0][1],
                      "mempool.expiry_too_far")
        for malformed in (b"", wire[:-1], wire[:-66], wire + b"\x00", b"\x1a\x00" + wire, wire * 2,
                          b"\x0a\x00\x12\x40" + wire[-64:], os.urandom(600)):
            reply = node.submit([encode(malformed)])
            self.assertIn(reply.status, (400, 422), reply.body)
            self.assertIn(b"transaction.", reply.body)
            self.assertNotIn(b"committed", reply.body)

    def test_bad_requests_and_transactions_are_refused_and_change_nothing(self):
        with Cluster() as cluster:
            advance(cluster)
            height = cluster.settle()
            roots = cluster.nodes[0].header("latest")
            for node in cluster.nodes[:2]:
                self.bad_requests(node)
                self.too_large(node)
                self.bad_transactions(cluster, node)
            for node in cluster.nodes:
                self.assertTrue(node.ready(), node.name)
                self.assertEqual(node.status()["pending_transactions"], 0, node.name)
                header = node.header("latest")
                for field in ("log_root", "map_root", "log_size"):
                    self.assertEqual(header[field], roots[field], (node.name, field))
            self.assertGreater(advance(cluster), height)
            check_audit(self, cluster)

    def test_a_replayed_transaction_is_answered_with_its_receipt_and_not_executed_again(self):
        with Cluster() as cluster:
            identifier, wire, _ = sign_twins(cluster, 1)[0]
            first = cluster.nodes[0].submit([wire], wait_ms=30_000).json()["outcomes"][0]
            self.assertEqual((first["id"], first["state"]), (identifier, "committed"))
            height = cluster.settle()
            for node in cluster.nodes * 3:
                again = node.submit([wire], wait_ms=1000).json()["outcomes"][0]
                self.assertEqual((again["state"], again["height"]), ("committed", first["height"]))
            for node in cluster.nodes:   # and after a restart, which forgets the mempool
                node.stop()
            cluster.start_all()
            for node in cluster.nodes:
                again = node.submit([wire], wait_ms=1000).json()["outcomes"][0]
                self.assertEqual((again["state"], again["height"]), ("committed", first["height"]))
            self.assertLessEqual(cluster.settle(), height + 1)
            advance(cluster)
            check_same_chain(self, cluster)

    def test_the_wrong_office_and_the_wrong_order_are_refused_by_the_ledger(self):
        with Cluster() as cluster:
            filing = submit_example(cluster)["filing"]
            before = cluster.nodes[0].get(f"/v1/filings/{filing}")["filing"]
            for action, key, identifier in (("take", "guangdong", "filing.wrong_office"),
                                            ("take", "auditor", "filing.not_authorised"),
                                            ("forward", "beijing", "filing.wrong_state"),
                                            ("approve", "cac", "filing.wrong_office"),
                                            ("approve", "beijing", "filing.not_authorised"),
                                            ("take", "cac", "filing.not_authorised")):
                done = cluster.cli("review", action, filing, "--key", key, "-o", "json")
                self.assertNotEqual(done.code, 0, done)
                row = json.loads(done.out)["results"][0]
                self.assertFalse(row["accepted"], row)
                self.assertEqual(row["error_id"], identifier, (action, key))
            cluster.settle()
            for node in cluster.nodes:
                self.assertEqual(node.get(f"/v1/filings/{filing}")["filing"], before)
            self.assertEqual(cluster.ok("review", "take", filing, "--key", "beijing")["results"][0]
                             ["accepted"], True)
            check_audit(self, cluster)

    def test_an_unknown_code_is_not_registered_and_a_forged_one_is_refused(self):
        with Cluster() as cluster:
            advance(cluster)
            node = cluster.nodes[0]
            wait_until("a block", lambda: node.height() >= 1)
            reply = node.request("GET", "/v1/codes/11010519864491550014")
            self.refused(reply, 404, "code.not_registered")
            self.assertTrue(reply.json()["proof"])
            self.assertEqual(cluster.cli("code", "verify", "11010519864491550014").code, 3)
            self.assertEqual(cluster.cli("code", "verify", "11010519418374810018").code, 10)


if __name__ == "__main__":
    main()
