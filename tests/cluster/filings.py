"""Filings for the tests of clusters, and what must hold of a chain afterwards."""

import http.client
import json
import os
import subprocess

from cluster import BEIAN, ROOT, SIGNER, run, wait_until

EXAMPLE = os.path.join(ROOT, "deploy/example-filing.toml")


def new_key(cluster, name="provider.pem"):
    path = cluster.path(name)
    if not os.path.exists(path):
        done = run(BEIAN, "key", "new", path)
        assert done.code == 0, done
    return path


def submit_example(cluster, key=None):
    """Submits the example filing; the row of the answer, with its filing and transaction."""
    answer = cluster.ok("filing", "submit", EXAMPLE, "--key", key or new_key(cluster),
                        "--disclosures", cluster.temp, "--again")
    return answer["results"][0]


def advance(cluster):
    """A new filing becomes final: the chain goes on. Its height."""
    return submit_example(cluster)["as_of_height"]


def votes(node):
    """Ready, and past the view above which it may vote after a re-entry."""
    status = node.status()
    return status["state"] == "ready" and not status["muted"] and not status["below_floor"]


def sign_twins(cluster, count, expiry_in_ms=300_000, chain=None):
    """Bodies signed twice each: (id, one transaction, the other), the last two in base64."""
    arguments = [SIGNER, cluster.genesis, str(count), str(expiry_in_ms)] + ([chain] if chain else [])
    done = run(*arguments)
    assert done.code == 0, done
    return [tuple(line.split()) for line in done.out.splitlines()]


class Load:
    """A bulk submission in the background; its result file says what was acknowledged."""

    def __init__(self, cluster, sets="1:5", pace=()):
        self.cluster, self.pace = cluster, pace
        self.plan, self.keys = cluster.path("plan.ndjson"), cluster.path("providers")
        self.results = cluster.path("plan.results")
        cluster.ok("set", "plan", "--data", os.path.join(ROOT, "data"), "--sets", sets,
                   "--keys", self.keys, "--out", self.plan)
        with open(self.plan, encoding="utf-8") as file:
            self.rows = len(file.readlines())
        self._process = None

    def start(self):
        environment = dict(os.environ, BEIAN_CONFIG=os.path.join(self.cluster.folder, "beian.toml"))
        with open(self.cluster.path("load.log"), "ab") as log:
            self._process = subprocess.Popen(
                [BEIAN, "filing", "submit", "--bulk", self.plan, "--keys", self.keys,
                 *self.pace, "--results", self.results, "-o", "json"],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def acknowledged(self):
        """Transactions that the client was told are final."""
        try:
            with open(self.results, encoding="utf-8") as file:
                lines = file.read().split("\n")[:-1]
        except OSError:
            return set()
        rows = [json.loads(line) for line in lines]
        return {row["transaction"] for row in rows if row.get("state") == "committed"}

    def wait_for(self, count):
        wait_until(f"{count} filings are acknowledged", lambda: len(self.acknowledged()) >= count)

    def running(self):
        return self._process is not None and self._process.poll() is None

    def end(self):
        """Until every row is final; a client that gave up meanwhile is started again."""
        for _ in range(5):
            if not self.running() and len(self.acknowledged()) == self.rows:
                return
            if not self.running():
                self.start()
            self._process.wait(120)
        raise AssertionError(f"{len(self.acknowledged())} of {self.rows} rows are final")

    def stop(self):
        if self.running():
            self._process.kill()
        if self._process is not None:
            self._process.wait(30)


def outcomes(node, transactions):
    """What one node says of many transactions, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", node.api_port, timeout=30)
    try:
        for transaction in transactions:
            connection.request("GET", f"/v1/transactions/{transaction}")
            yield transaction, json.loads(connection.getresponse().read())
    finally:
        connection.close()


def check_committed_everywhere(test, cluster, transactions):
    """Every node has every one of them with a receipt, in the same block."""
    heights = {}
    for node in cluster.nodes:
        for transaction, outcome in outcomes(node, sorted(transactions)):
            test.assertEqual(outcome["state"], "committed", (node.name, transaction))
            test.assertTrue(outcome["receipt"], (node.name, transaction))
            height = heights.setdefault(transaction, outcome["height"])
            test.assertEqual(height, outcome["height"], (node.name, transaction))


def check_same_chain(test, cluster, nodes=None):
    """Headers and roots agree at every height; no transaction stands twice. All transactions."""
    nodes = nodes or cluster.nodes
    top = cluster.settle(nodes)
    seen = []
    for height in range(1, top + 1):
        blocks = [node.get(f"/v1/blocks/{height}") for node in nodes]
        for field in ("id", "map_root", "log_root", "log_size"):
            test.assertEqual(len({block["header"][field] for block in blocks}), 1, (height, field))
        seen += [transaction["id"] for transaction in blocks[0]["transactions"]]
    test.assertEqual(len(seen), len(set(seen)), "a transaction was committed twice")
    return set(seen)


def check_audit(test, cluster, *arguments, level="L3"):
    report = cluster.ok("audit", "run", "--level", level, *arguments)
    test.assertEqual((report["verdict"], report["findings"]), ("clean", []))
    return report
