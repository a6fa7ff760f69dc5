#!/usr/bin/env python3
"""Who is not of this chain, or not who it says it is, gets no connection."""

import os
import shutil
import socket
import ssl
import struct
import unittest

from cluster import BEIAND, Cluster, main, run, stays, wait_until
from filings import advance, check_audit, check_same_chain

WELCOME, WRONG_CHAIN, WRONG_INDEX = 0, 2, 3
HELLO_MARK, WIRE_FORMAT, PROTOCOL_VERSION = 1, 1, 1
VERDICT_BYTES = 1


def greet(port, key, chain, index):
    """Dials as a validator does, with the TLS key of a file; the verdict, None when cut off."""
    certificate = key + ".crt"
    done = run("openssl", "req", "-x509", "-new", "-key", key, "-subj", "/CN=test", "-days", "1",
               "-out", certificate)
    assert done.code == 0, done
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    hello = (b"beian" + struct.pack(">BHI", HELLO_MARK, WIRE_FORMAT, PROTOCOL_VERSION) +
             bytes.fromhex(chain) + struct.pack(">H", index))
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
            with context.wrap_socket(plain) as link:
                link.sendall(struct.pack(">I", len(hello)) + hello)
                length = struct.unpack(">I", receive(link, 4))[0]
                return receive(link, length)[-VERDICT_BYTES]
    except (ssl.SSLError, ConnectionError, EOFError):
        return None


def receive(link, count):
    octets = b""
    while len(octets) < count:
        part = link.recv(count - len(octets))
        if not part:
            raise EOFError
        octets += part
    return octets


class Identity(unittest.TestCase):
    def test_a_node_of_another_genesis_is_refused_and_both_chains_are_named(self):
        with Cluster() as cluster:
            stranger = cluster.node("jiangsu")
            stranger.stop()
            chain = cluster.nodes[0].status()["chain"]["id"]
            other = cluster.path("other-genesis.toml")
            shutil.copy(cluster.genesis, other)
            self.replace(other, 'name = "beian-local"', 'name = "beian-other"')
            self.replace(stranger.config, "../../genesis.toml", other)
            shutil.rmtree(stranger.data)
            done = run(BEIAND, "--config", stranger.config, "--init")
            self.assertEqual(done.code, 0, done)
            stranger.start()
            wait_until("the stranger answers", lambda: stranger.status()["chain"])
            foreign = stranger.status()["chain"]["id"]
            self.assertNotEqual(foreign, chain)
            peer = cluster.nodes[0]
            wait_until("a peer names both chains",
                       lambda: peer.says("wrong_chain", chain, foreign, "jiangsu"))
            wait_until("the stranger names both chains",
                       lambda: stranger.says("wrong_chain", chain, foreign))
            stays("no connection", lambda: not any(
                entry["connected"] for entry in stranger.status()["peers"]), 2)
            self.assertEqual(stranger.height(), 0)
            self.assertFalse(stranger.ready())
            members = [node for node in cluster.nodes if node is not stranger]
            advance(cluster)
            check_same_chain(self, cluster, members)

    def test_data_of_one_chain_are_not_used_for_another(self):
        with Cluster() as cluster:
            node = cluster.node("jiangsu")
            advance(cluster)
            node.stop()
            other = cluster.path("other-genesis.toml")
            shutil.copy(cluster.genesis, other)
            self.replace(other, 'name = "beian-local"', 'name = "beian-other"')
            self.replace(node.config, "../../genesis.toml", other)
            done = run(BEIAND, "--config", node.config, timeout=30)
            self.assertEqual(done.code, 1, done)
            self.assertIn(cluster.nodes[0].status()["chain"]["id"], done.err)
            self.replace(node.config, other, "../../genesis.toml")
            node.start()
            wait_until("it is ready with its own genesis again", node.ready)
            self.assertEqual(node.status()["findings"], [])

    def replace(self, file, old, new):
        with open(file, encoding="utf-8") as text:
            content = text.read()
        self.assertIn(old, content)
        with open(file, "w", encoding="utf-8") as text:
            text.write(content.replace(old, new))

    def test_only_a_member_in_its_own_name_is_welcomed(self):
        with Cluster() as cluster:
            # Validator 1 listens; of 2 and 3, which dial it, 3 is played by this test.
            listener, member = cluster.nodes[1], cluster.nodes[3]
            chain = listener.status()["chain"]["id"]
            member.stop()
            key = cluster.path("member.pem")
            shutil.copy(os.path.join(member.folder, "tls.pem"), key)
            port = listener.peers_port
            wait_until("a member in its own name is welcomed",
                       lambda: greet(port, key, chain, 3) == WELCOME)
            self.assertEqual(greet(port, key, chain, 2), WRONG_INDEX)
            wait_until("the listener names it",
                       lambda: listener.says("wrong_index", "jiangsu"))
            self.assertEqual(greet(port, key, "00" * 32, 3), WRONG_CHAIN)
            unknown = cluster.path("unknown.pem")
            done = run("openssl", "genpkey", "-algorithm", "ed25519", "-out", unknown)
            self.assertEqual(done.code, 0, done)
            self.assertIsNone(greet(port, unknown, chain, 3))
            wait_until("the listener says so", lambda: listener.says("unknown_key"))
            member.start()
            wait_until("the real member is ready", member.ready)
            wait_until("and connected to all", lambda: all(
                entry["connected"] for entry in member.status()["peers"]))
            advance(cluster)
            check_same_chain(self, cluster)
            check_audit(self, cluster)


if __name__ == "__main__":
    main()
