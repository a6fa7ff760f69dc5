"""A real cluster for a test: its own folder, its own ports, `beiand` processes that end with it.

The programs are those of $BEIAN_BIN. Every wait has an end, and everything that was started is
killed when the `with` block of the Cluster is left, however that happens.
"""

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

BIN = os.environ.get("BEIAN_BIN", os.path.join(os.path.dirname(__file__), "../../build/release/bin"))
BEIAN = os.path.join(BIN, "beian")
BEIAND = os.path.join(BIN, "beiand")
SIGNER = os.path.join(BIN, "beian-twin-signer")
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))

WAIT_SECONDS = 60      # for what takes a second on an idle machine
COMMAND_SECONDS = 120  # for one command of the client
TEST_SECONDS = 400     # for one test program; then it clears up and fails
PORTS_FROM, PORTS_TO, PORTS_STEP = 20000, 32000, 500  # below the ports that the system hands out
NODES_MAX = 32


class Timeout(AssertionError):
    """What was waited for did not come."""


def wait_until(what, condition, seconds=WAIT_SECONDS):
    """The first true answer of `condition`; an OSError in it means: not yet."""
    deadline = time.monotonic() + seconds
    answer = last_error = None
    while time.monotonic() < deadline:
        try:
            answer = condition()
        except OSError as error:
            last_error = error
        if answer:
            return answer
        time.sleep(0.1)
    raise Timeout(f"waited {seconds} s for: {what} ({last_error or answer})")


def stays(what, condition, seconds):
    """Fails when `condition` is false at any moment of the next `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not condition():
            raise AssertionError(f"did not stay so: {what}")
        time.sleep(0.1)


class Ports:
    """A range of TCP ports. Other tests see that it is taken by a UDP socket on its first."""

    def __init__(self):
        for _ in range(1000):
            self.base = random.randrange(PORTS_FROM, PORTS_TO, PORTS_STEP)
            self._claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                self._claim.bind(("127.0.0.1", self.base))
                self._probe()
                return
            except OSError:
                self._claim.close()
        raise Timeout("no free range of ports")

    def _probe(self):
        for offset in (0, 100, 200):
            for port in range(self.base + offset, self.base + offset + NODES_MAX):
                with socket.socket() as probe:
                    # As nodes do: connections that ended a moment ago are no hindrance.
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port))

    def close(self):
        self._claim.close()


class Finished:
    """What a command said and with which code it ended."""

    def __init__(self, arguments, done):
        self.arguments = arguments
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"{' '.join(self.arguments)}\nexit {self.code}\n{self.out[-3000:]}{self.err[-3000:]}"


def run(*arguments, timeout=COMMAND_SECONDS, environment=None):
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                          env={**os.environ, "LANG": "C.UTF-8", **(environment or {})}, check=False)
    return Finished(arguments, done)


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Node:
    """One validator: its folder, its ports and, while it runs, its process."""

    def __init__(self, folder, plan):
        self.name = plan["name"]
        self.folder = os.path.join(folder, "nodes", self.name)
        self.config = os.path.join(self.folder, "beiand.toml")
        self.data = os.path.join(self.folder, "data")
        self.peers_port, self.api_port = plan["peers"], plan["api"]
        self.operations_port = plan["operations"]
        self.url = f"http://127.0.0.1:{self.api_port}"
        self._child = None  # when this program started it

    def pid(self):
        """Of the process that runs now, or None."""
        if self._child is not None and self._child.poll() is not None:
            return None
        try:
            with open(os.path.join(self.folder, "node.pid"), encoding="ascii") as file:
                pid = int(file.read())
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                return pid if self.config in file.read().split("\0") else None
        except (OSError, ValueError):
            return None

    def start(self):
        """Starts it; does not wait until it answers."""
        assert self.pid() is None, f"{self.name} runs"
        with open(os.path.join(self.folder, "node.log"), "ab") as log:
            self._child = subprocess.Popen([BEIAND, "--config", self.config], stdout=log,
                                           stderr=log, stdin=subprocess.DEVNULL)
        with open(os.path.join(self.folder, "node.pid"), "w", encoding="ascii") as file:
            file.write(f"{self._child.pid}\n")

    def kill(self, sign=signal.SIGKILL):
        """Returns when the process has ended."""
        pid = self.pid()
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        wait_until(f"{self.name} ends", lambda: self.pid() is None)
        if self._child is not None:
            self._child.wait(WAIT_SECONDS)

    def stop(self):
        self.kill(signal.SIGTERM)

    def request(self, method, path, body=None, headers=None, port=None, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.api_port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        except http.client.HTTPException as error:
            raise OSError(f"{self.name}: {error!r}") from error
        finally:
            connection.close()

    def get(self, path):
        return self.request("GET", path).json()

    def submit(self, wires, wait_ms=0):
        """Posts base64 transactions; the reply whatever its status."""
        body = json.dumps({"transactions": wires, "wait_ms": wait_ms})
        return self.request("POST", "/v1/transactions", body, {"Content-Type": "application/json"},
                            timeout=wait_ms / 1000 + 30)

    def status(self):
        return self.get("/v1/status")

    def height(self):
        """Of the store itself: what the status says may be a tenth of a second old."""
        return self.get("/v1/sets?count=1")["height"]

    def header(self, height):
        return self.get(f"/v1/blocks/{height}")["header"]

    def ready(self):
        return self.request("GET", "/readyz", port=self.operations_port).status == 200

    def log(self):
        """Its log as events; what is no JSON becomes {'text': line}."""
        with open(os.path.join(self.folder, "node.log"), encoding="utf-8", errors="replace") as file:
            return [parse_line(line) for line in file]

    def says(self, *parts):
        """The first event of the log that has all `parts` in it."""
        for event in self.log():
            text = json.dumps(event, ensure_ascii=False)
            if all(part in text for part in parts):
                return event
        return None

    def export(self, file):
        """The chain of this node, which is stopped."""
        return run(BEIAND, "--config", self.config, "--export", file)


def parse_line(line):
    try:
        return json.loads(line)
    except ValueError:
        return {"text": line.strip()}


class Cluster:
    """Makes a cluster in a new folder; `up()` starts it."""

    def __init__(self, count=4):
        self.count = count
        self.temp = tempfile.mkdtemp(prefix="beian-test-")
        self.folder = os.path.join(self.temp, "cluster")
        self.genesis = os.path.join(self.folder, "genesis.toml")
        self.ports = Ports()
        self.nodes = []
        self.said = ""  # by the first `cluster up`

    def __enter__(self):
        try:
            return self.up()
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(self, kind, error, trace):
        if error is not None:
            self.show_logs()
        for node in self.read_nodes():
            with contextlib.suppress(Timeout):
                node.kill()
        self.ports.close()
        shutil.rmtree(self.temp, ignore_errors=True)

    def read_nodes(self):
        if not self.nodes:
            with contextlib.suppress(OSError, ValueError):
                with open(os.path.join(self.folder, "cluster.json"), encoding="utf-8") as file:
                    self.nodes = [Node(self.folder, plan) for plan in json.load(file)["nodes"]]
        return self.nodes

    def up(self):
        done = run(BEIAN, "cluster", "up", "-n", str(self.count), "--dir", self.folder,
                   "--base-port", str(self.ports.base))
        if done.code != 0:
            raise AssertionError(str(done))
        self.said = done.out
        self.read_nodes()
        wait_until("every node is ready", lambda: all(node.ready() for node in self.nodes))
        return self

    def node(self, name):
        return next(node for node in self.nodes if node.name == name)

    def cli(self, *arguments, timeout=COMMAND_SECONDS):
        config = os.path.join(self.folder, "beian.toml")
        return run(BEIAN, *arguments, timeout=timeout, environment={"BEIAN_CONFIG": config})

    def ok(self, *arguments):
        """A command that must end with 0; its answer from JSON."""
        done = self.cli(*arguments, "-o", "json")
        if done.code != 0:
            raise AssertionError(str(done))
        return done.json()

    def path(self, name):
        return os.path.join(self.temp, name)

    def start_all(self):
        for node in self.nodes:
            if node.pid() is None:
                node.start()
        wait_until("every node is ready", lambda: all(node.ready() for node in self.nodes))

    def settle(self, nodes=None):
        """Until all nodes are at one height; that height."""
        def level():
            heights = {node.height() for node in nodes or self.nodes}
            return heights.pop() if len(heights) == 1 else None
        return wait_until("all nodes at one height", level)

    def show_logs(self):
        for node in self.read_nodes():
            with contextlib.suppress(OSError):
                print(f"--- {node.name}")
                for event in node.log()[-15:]:
                    print(json.dumps(event, ensure_ascii=False)[:600])


def main():
    """Runs the tests of the calling program, which ends in time even when something hangs."""
    def too_long(*_):
        raise Timeout(f"the test program ran for more than {TEST_SECONDS} s")
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, too_long)
    signal.alarm(TEST_SECONDS)
    unittest.main(verbosity=2)
