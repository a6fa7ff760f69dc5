#!/usr/bin/env python3
"""Checks a filing certificate with the genesis file, Python's standard library and `openssl`, written
from the formats alone. `verify_certificate.py GENESIS CERTIFICATE`: exit code 0 genuine, 10 not.

Formats: ledger/chain/block.h (header), certificate.h (finality proof), ledger/merkle/map.h (map).
"""

import base64
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import tomllib

HEADER_BYTES = 242
EMPTY = bytes(32)
FINALIZE = 3
ED25519 = 1
SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")


class Bad(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Bad(what)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Reader:
    def __init__(self, octets):
        self.rest = octets

    def take(self, count):
        need(len(self.rest) >= count, "octets end early")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def number(self, count):
        return int.from_bytes(self.take(count), "big")

    def end(self):
        need(not self.rest, "octets are left over")


def bit(octets, i):
    return octets[i // 8] >> (7 - i % 8) & 1


def header_of(octets):
    need(len(octets) == HEADER_BYTES, "the header is not 242 octets")
    names = "chain epoch view height parent version tx_root tx_count log_size log_root map_root time"
    values = struct.unpack(">32sQQQ32sI32sIQ32s32sQH32s", octets)
    header = dict(zip(names.split(), values))
    header["id"] = sha(b"beian/block/v1\0", octets)
    return header


def check_presence(proof, key, record, root):
    reader = Reader(proof)
    present, count = reader.take(32), reader.number(2)
    need(count <= 256 and not any(bit(present, i) for i in range(count, 256)), "bad map path")
    siblings = [reader.take(32) if bit(present, i) else EMPTY for i in range(count)]
    need(reader.number(1) == 0, "the map proof shows another leaf")
    reader.end()
    need(not siblings or siblings[-1] != EMPTY, "the map path ends in nothing")
    node = sha(b"\2", key, sha(record))
    for depth in reversed(range(count)):
        pair = (siblings[depth], node) if bit(key, depth) else (node, siblings[depth])
        node = sha(b"\3", *pair)
    need(node == root, "the record does not lead to the header's map root")


def openssl_verifies(public_key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        files = {"key": SPKI_ED25519 + public_key, "message": message, "signature": signature}
        for name, octets in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(octets)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key",
                   "-rawin", "-in", "message", "-sigfile", "signature"]
        return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def set_hash(keys):
    octets = b"beian/validator-set/v1\0" + struct.pack(">H", len(keys))
    for parts in keys:
        octets += b"".join(struct.pack(">H", len(part)) + part for part in parts)
    return sha(octets)


def check_finality(proof, header, chain, validators):
    reader = Reader(proof)
    for _ in range(reader.number(2)):
        after = header_of(reader.take(HEADER_BYTES))
        linked = after["parent"] == header["id"] and after["height"] == header["height"] + 1
        need(linked and after["chain"] == chain, "the headers do not link up")
        header = after
    kind, epoch, view, parent_view, block = (reader.number(1), reader.number(8), reader.number(8),
                                             reader.number(8), reader.take(32))
    need(kind == FINALIZE and epoch == header["epoch"] and block == header["id"],
         "the certificate finalizes another block")
    n = len(validators)
    need(reader.number(1) == n, "the certificate is of another number of validators")
    bitmap = reader.take((n + 7) // 8)
    signers = [i for i in range(8 * len(bitmap)) if bitmap[i // 8] >> i % 8 & 1]
    need(len(signers) >= n - (n - 1) // 3 and signers[-1] < n, "no quorum signed")
    message = (b"beian/vote/v1\0" + chain + bytes([FINALIZE]) + struct.pack(">Q", epoch) +
               set_hash(validators) + struct.pack(">QQ", view, parent_view) + block)
    for i in signers:
        scheme, key = validators[i][1][0], validators[i][1][1:]
        need(scheme == ED25519 and openssl_verifies(key, message, reader.take(64)),
             f"the signature of {validators[i][0].decode()} does not verify")
    reader.end()
    return [validators[i][0].decode() for i in signers]


def verify(genesis_file, certificate_file):
    with open(genesis_file, "rb") as file:
        genesis = file.read()
    chain = hashlib.sha256(genesis).digest()
    validators = [(v["name"].encode(), bytes.fromhex(v["consensus_key"]), bytes.fromhex(v["tls_key"]))
                  for v in tomllib.loads(genesis.decode())["validator"]]
    with open(certificate_file, encoding="utf-8") as file:
        certificate = json.load(file)
    octets = {name: base64.b64decode(text, validate=True)
              for name, text in certificate["proof"].items() if name != "key"}
    code = certificate["code"]
    need(re.fullmatch(r"[0-9]{19}[0-9X]", code), "the code is malformed")
    key = sha(b"beian/map-key/v1\0", b"\2", code.encode())
    header = header_of(octets["header"])
    need(header["chain"] == chain, "the header is of another chain")
    need(code.encode() in octets["record"], "the record is of another code")
    check_presence(octets["map_proof"], key, octets["record"], header["map_root"])
    signers = check_finality(octets["finality_proof"], header, chain, validators)
    return code, header["height"], signers


def main():
    try:
        code, height, signers = verify(*sys.argv[1:3])
    except (Bad, KeyError, ValueError, TypeError, IndexError) as error:
        print(f"NOT GENUINE: {error}")
        return 10
    print(f"GENUINE: {code} was registered as of block {height}, signed by {', '.join(signers)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
