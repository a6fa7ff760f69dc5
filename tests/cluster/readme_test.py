#!/usr/bin/env python3
"""Runs the commands of README.md as they are written, in order, where only the programs are built.

The blocks marked `sh` are one session. Left out is only tests/run.sh, which runs this test.
"""

import os
import re
import subprocess
import tempfile
import unittest

import cluster

LEFT_OUT = {"tests/run.sh"}
SECONDS_MAX = 400


def commands():
    """The lines of every block marked sh, in order."""
    with open(os.path.join(cluster.ROOT, "README.md"), encoding="utf-8") as file:
        blocks = re.findall(r"^```sh\n(.*?)^```$", file.read(), re.S | re.M)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def link_tree(folder):
    """What the commands see: the tree's files, programs where a build puts them, an empty var/."""
    for name in os.listdir(cluster.ROOT):
        if name not in ("build", "var", ".git"):
            os.symlink(os.path.join(cluster.ROOT, name), os.path.join(folder, name))
    os.makedirs(os.path.join(folder, "build/release"))
    os.symlink(os.path.abspath(cluster.BIN), os.path.join(folder, "build/release/bin"))


def quote(text):
    return "'" + text.replace("'", "'\\''") + "'"


class Readme(unittest.TestCase):
    def test_every_command_does_what_it_says(self):
        lines = commands()
        self.assertLessEqual(LEFT_OUT, set(lines))
        self.assertIn("deploy/demo.sh", lines)
        lines += ["deploy/demo.sh", "test -s var/my/key.pem"]  # again, where the user's files stay
        script = "\n".join(f"printf '\\n### %s\\n' {quote(line)}\n{line}"
                           for line in lines if line not in LEFT_OUT)
        ports = cluster.Ports()
        self.addCleanup(ports.close)
        with tempfile.TemporaryDirectory(prefix="beian-readme-") as folder:
            link_tree(folder)
            environment = {**os.environ, "LANG": "C.UTF-8", "BEIAN_BASE_PORT": str(ports.base),
                           "BEIAN_BIN": os.path.join(folder, "build/release/bin")}
            session = {"cwd": folder, "env": environment, "timeout": SECONDS_MAX, "check": False,
                       "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                       "stderr": subprocess.STDOUT}
            try:
                done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], **session)
            finally:
                subprocess.run(["deploy/demo.sh", "--down"], **session)
        said = done.stdout.decode("utf-8", "replace")
        self.assertEqual(done.returncode, 0, f"the last command failed:\n{said[-4000:]}")
        for promised in ("Every published number is met.", "Beijing             346   28 %",
                         "GENUINE:", "NOT REGISTERED:", "CLEAN:"):
            self.assertIn(promised, said)
        self.assertNotIn("DIFFERENT:", said)


if __name__ == "__main__":
    cluster.main()
