#!/usr/bin/env python3
"""A filing from submission to its published code, and back when the office wants more."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import unittest

from cluster import BEIAN, BIN, COMMAND_SECONDS, Cluster, main, run
from filings import EXAMPLE, check_audit, check_same_chain, new_key, submit_example

LEVELS = ("L0", "L1", "L2", "L3")


def end(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Lifecycle(unittest.TestCase):
    def review(self, cluster, action, filing, key, *more):
        row = cluster.ok("review", action, filing, "--key", key, *more)["results"][0]
        self.assertEqual((row["state"], row["accepted"]), ("committed", True), row)
        return row

    def status(self, cluster, filing):
        """The filing's status, which every node says."""
        cluster.settle()
        said = {node.get(f"/v1/filings/{filing}")["filing"]["status"] for node in cluster.nodes}
        self.assertEqual(len(said), 1, said)
        return said.pop()

    def again(self, cluster, command, filing, *more):
        row = cluster.ok("filing", command, filing, EXAMPLE, "--key", new_key(cluster),
                         "--disclosures", cluster.temp, *more)["results"][0]
        self.assertTrue(row["accepted"], row)

    def file_and_publish(self, cluster):
        """The whole path, with a supplement; the code."""
        filing = submit_example(cluster)["filing"]
        self.assertEqual(self.status(cluster, filing), "not_reviewed")
        self.review(cluster, "take", filing, "beijing")
        self.assertEqual(self.status(cluster, filing), "in_review")
        self.review(cluster, "request-supplement", filing, "beijing", "--reason", "缺少服务说明")
        self.assertEqual(self.status(cluster, filing), "awaiting_supplement")
        self.again(cluster, "supplement", filing, "--again")
        self.assertEqual(self.status(cluster, filing), "in_review")
        self.review(cluster, "forward", filing, "beijing")
        code = self.review(cluster, "approve", filing, "cac")["code"]
        self.assertEqual(self.status(cluster, filing), "filed")
        cluster.ok("set", "publish", code, "--number", "1", "--date", "2019-03-30", "--key", "cac")
        self.assertEqual(self.status(cluster, filing), "listed")
        return code

    def check_without_nodes(self, cluster, certificate, export):
        """All nodes are stopped."""
        done = cluster.cli("code", "verify", "--offline", certificate)
        self.assertEqual(done.code, 0, done)
        for level in LEVELS:
            report = check_audit(self, cluster, "--export", export, level=level)
            self.assertEqual(report["level"], level)
        for node in cluster.nodes:
            exported = cluster.path(f"{node.name}.chain")
            self.assertEqual(node.export(exported).code, 0)
            report = check_audit(self, cluster, "--export", exported)
            self.assertGreaterEqual(report["actions"], 7)
        check_audit(self, cluster, "--data-dir", cluster.nodes[0].data)

    def test_a_filing_gets_its_code_which_is_verified_without_any_node(self):
        with Cluster() as cluster:
            code = self.file_and_publish(cluster)
            verified = cluster.cli("code", "verify", code)
            self.assertEqual(verified.code, 0, verified)
            certificate, export = cluster.path("certificate.json"), cluster.path("chain.bin")
            cluster.ok("code", "certificate", code, certificate)
            cluster.ok("chain", "export", export)
            for level in LEVELS:
                check_audit(self, cluster, level=level)
            check_same_chain(self, cluster)
            for node in cluster.nodes:
                node.stop()
                self.assertTrue(node.says("stopped", "clean"), node.name)
            self.assertEqual(cluster.cli("code", "verify", code).code, 11)
            self.check_without_nodes(cluster, certificate, export)

    def test_a_refused_filing_is_submitted_again_and_taken_up_again(self):
        with Cluster() as cluster:
            filing = submit_example(cluster)["filing"]
            self.review(cluster, "take", filing, "beijing")
            self.review(cluster, "refuse", filing, "beijing", "--reason", "材料不真实")
            self.assertEqual(self.status(cluster, filing), "not_passed")
            self.again(cluster, "resubmit", filing)
            self.assertEqual(self.status(cluster, filing), "not_reviewed")
            self.review(cluster, "take", filing, "beijing")
            self.review(cluster, "forward", filing, "beijing")
            self.assertTrue(self.review(cluster, "approve", filing, "cac")["code"])
            check_audit(self, cluster)

    def session(self, cluster, script, folder):
        return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, check=False,
                              env={**os.environ, "LANG": "C.UTF-8", "BEIAN_CONFIG": "",
                                   "PATH": f"{BIN}:{os.environ['PATH']}"},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=COMMAND_SECONDS)

    def test_the_commands_that_cluster_up_names_next_work_as_they_stand(self):
        with Cluster() as cluster:
            following = re.search(r"\nNext:\n((?:  .*\n)+)", cluster.said)
            self.assertTrue(following, cluster.said)
            pasted = self.session(cluster, following.group(1), cluster.temp)
            self.assertEqual(pasted.returncode, 0, following.group(1) + pasted.stdout)
            self.assertIn("accepted and final", pasted.stdout)
            self.assertIn("CLEAN:", pasted.stdout)
            again = run(BEIAN, "cluster", "up", "--dir", cluster.folder)
            self.assertRegex(again.out, r"\nNext: export BEIAN_CONFIG=.*\n$")

    def test_nodes_whose_folder_was_deleted_are_named_with_how_to_end_them(self):
        with Cluster() as cluster:
            pids = sorted(node.pid() for node in cluster.nodes)
            for pid in pids:
                self.addCleanup(end, pid)
            shutil.rmtree(cluster.folder)
            kill = "next: kill " + " ".join(map(str, pids)) + "\n"
            for command in (("cluster", "status"), ("cluster", "down"),
                            ("cluster", "up", "--dir", cluster.folder)):
                done = cluster.cli(*command)
                self.assertEqual(done.code, 3, done)
                self.assertIn(kill, done.err)
            done = run(BEIAN, "cluster", "up", "--dir", cluster.path("other"),
                       "--base-port", str(cluster.ports.base))
            self.assertIn("cluster.port_in_use", done.err)
            self.assertIn(kill, done.err)

    def test_two_ups_at_once_make_one_cluster(self):
        with Cluster() as cluster:
            cluster.cli("cluster", "reset", "--dir", cluster.folder)
            both = [subprocess.Popen([BEIAN, "cluster", "up", "--dir", cluster.folder,
                                      "--base-port", str(cluster.ports.base), "-o", "json"],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                    for _ in range(2)]
            said = [up.communicate(timeout=COMMAND_SECONDS) for up in both]
            self.assertEqual([up.returncode for up in both], [0, 0], said)
            first, second = ([node["pid"] for node in json.loads(out)["nodes"]] for out, _ in said)
            self.assertEqual(first, second)


if __name__ == "__main__":
    main()
