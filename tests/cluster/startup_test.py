#!/usr/bin/env python3
"""What keeps a node from starting is named, with its place and its remedy."""

import os
import re
import shutil
import socket
import unittest

from cluster import BEIAN, BEIAND, BIN, ROOT, Cluster, main, run

START_SECONDS = 30  # a node that should refuse to start


class Startup(unittest.TestCase):
    """A cluster's folder without processes; `self.node` is its first node, initialised."""

    def setUp(self):
        self.cluster = Cluster()
        self.addCleanup(self.cluster.__exit__, None, None, None)
        done = run(BEIAN, "cluster", "init", "-n", "4", "--dir", self.cluster.folder,
                   "--base-port", str(self.cluster.ports.base))
        self.assertEqual(done.code, 0, done)
        self.node = self.cluster.read_nodes()[0]
        self.assertEqual(self.start("--init").code, 0)

    def start(self, *arguments):
        return run(BEIAND, "--config", self.node.config, *arguments, timeout=START_SECONDS)

    def refused(self, *parts, arguments=()):
        done = self.start(*arguments)
        self.assertEqual(done.code, 1, done)
        for part in parts:
            self.assertIn(part, done.err)
        self.assertEqual(done.err.count("\n"), 1, f"more than one line: {done.err}")

    def edit(self, file, old, new):
        """Replaces one line; the number of that line."""
        with open(file, encoding="utf-8") as text:
            lines = text.read().split("\n")
        number = next(i for i, line in enumerate(lines) if re.search(old, line))
        lines[number] = new
        with open(file, "w", encoding="utf-8") as text:
            text.write("\n".join(lines))
        return number + 1

    def holder(self, port):
        """Listens there; connections that ended a moment ago are no hindrance."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        return listener

    def test_a_port_in_use_is_named_with_the_process_that_holds_it(self):
        for port in (self.node.peers_port, self.node.api_port, self.node.operations_port):
            with self.holder(port):
                done = self.start()
                self.assertEqual(done.code, 1, done)
                self.assertIn(f"port {port} is held by process {os.getpid()} (python", done.err)

    def test_the_client_names_a_port_in_use_before_it_starts_nodes(self):
        with self.holder(self.node.api_port):
            done = run(BEIAN, "cluster", "up", "--dir", self.cluster.folder)
            self.assertEqual(done.code, 1, done)
            self.assertIn(str(self.node.api_port), done.err)
            self.assertIn(str(os.getpid()), done.err)
        self.assertTrue(all(node.pid() is None for node in self.cluster.nodes))

    def up_with_a_slow_node(self, seconds, timeout):
        """`cluster up` with a last node that takes so long before it begins."""
        for node in self.cluster.nodes[1:]:
            self.assertEqual(run(BEIAND, "--config", node.config, "--init").code, 0)
        slow = self.cluster.path("slow-beiand")
        with open(slow, "w", encoding="utf-8") as script:
            script.write(f'#!/bin/sh\ncase "$*" in *{self.cluster.nodes[-1].name}*) '
                         f'sleep {seconds};; esac\nexec {BEIAND} "$@"\n')
        os.chmod(slow, 0o755)
        return run(BEIAN, "cluster", "up", "--dir", self.cluster.folder, "--beiand", slow,
                   "--timeout", str(timeout), "-o", "json")

    def test_up_waits_until_each_node_that_it_started_answers(self):
        done = self.up_with_a_slow_node(6, timeout=60)
        self.assertEqual(done.code, 0, done)
        self.assertNotIn("starting", [node["state"] for node in done.json()["nodes"]])

    def test_up_names_the_node_that_does_not_answer_in_time(self):
        done = self.up_with_a_slow_node(30, timeout=6)
        self.assertNotEqual(done.code, 0, done)
        self.assertIn("cluster.not_listening", done.err)
        self.assertIn(self.cluster.nodes[-1].name, done.err)

    def test_an_unknown_key_of_the_configuration_is_named_with_its_line(self):
        line = self.edit(self.node.config, r"^level", 'levle = "info"')
        self.refused("config.unknown_key", f"{self.node.config}:{line}:", "levle")

    def test_a_bad_value_of_the_configuration_is_named_with_its_line(self):
        line = self.edit(self.node.config, rf"^listen.*{self.node.api_port}",
                         'listen = "127.0.0.1:99999"')
        self.refused("config.bad_value", f"{self.node.config}:{line}:", "api.listen")

    def test_a_broken_line_of_the_configuration_is_named(self):
        line = self.edit(self.node.config, r"^level", "level = ")
        self.refused("config.syntax", f"{self.node.config}:{line}:")

    def test_a_bad_genesis_is_named_with_its_line(self):
        line = self.edit(self.cluster.genesis, r"^heartbeat_ms", 'heartbeat_ms = "often"')
        self.refused("genesis.", f"{self.cluster.genesis}:{line}:", "heartbeat_ms")

    def test_a_missing_genesis_is_named_with_the_setting(self):
        os.remove(self.cluster.genesis)
        self.refused("genesis.unreadable", self.cluster.genesis, "node.genesis")

    def test_a_key_file_that_others_may_read_is_refused_with_the_command_that_mends_it(self):
        for name in ("consensus.pem", "tls.pem"):
            key = os.path.join(self.node.folder, name)
            os.chmod(key, 0o644)
            for arguments in ((), ("--check",)):
                self.refused("key.open_to_others", f"chmod 600 {key}", arguments=arguments)
            os.chmod(key, 0o600)

    def test_a_key_that_genesis_does_not_name_is_refused(self):
        other = self.cluster.nodes[1]
        for name in ("consensus.pem", "tls.pem"):
            key = os.path.join(self.node.folder, name)
            shutil.copy(key, key + ".kept")
            shutil.copy(os.path.join(other.folder, name), key)
            for arguments in ((), ("--check",)):
                self.refused("key.not_in_genesis", key, self.node.name, arguments=arguments)
            shutil.move(key + ".kept", key)

    def test_an_export_replaces_an_export_and_no_other_file(self):
        chain, key = self.cluster.path("chain.bin"), os.path.join(self.node.folder, "tls.pem")
        for _ in range(2):
            self.assertEqual(self.node.export(chain).code, 0)
        with open(key, "rb") as file:
            before = file.read()
        self.refused("export.other_file", key, arguments=("--export", key))
        with open(key, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_too_little_room_on_the_disk_is_named_with_the_folder(self):
        full = "/proc/self"  # a file system that never has room
        self.edit(self.node.config, r"^data_dir", f'data_dir = "{full}"')
        self.refused("data.unavailable", f"{full} has room for 0 more octets", "make room")

    def test_the_demo_names_a_port_in_use_and_keeps_the_chain_of_the_last_run(self):
        environment = {"BEIAN_BIN": os.path.abspath(BIN), "BEIAN_DEMO_DIR": self.cluster.temp,
                       "BEIAN_BASE_PORT": str(self.cluster.ports.base)}
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", self.node.operations_port + 3))
            holder.listen()
            done = run(os.path.join(ROOT, "deploy/demo.sh"), environment=environment)
        self.assertEqual(done.code, 1, done)
        self.assertIn(f"port {self.node.operations_port + 3} is in use", done.err)
        self.assertIn("BEIAN_BASE_PORT=", done.err)
        self.assertTrue(os.path.isdir(os.path.join(self.node.data, "store")), done)

    def test_a_data_directory_is_never_initialised_twice(self):
        self.refused("data.not_initialised", "initialised before", arguments=("--init",))


if __name__ == "__main__":
    main()
