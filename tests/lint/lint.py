#!/usr/bin/env python3
"""Checks of the source tree that no compiler makes. `lint.py CHECK... [--root DIR]`, or `all`.

Each check prints `path:line: what is wrong` and the run fails when anything was printed. Exceptions
stand in exceptions.txt, each with its reason; one that is no longer needed fails too, and so does a
list longer than the ceiling it names, so the list only shrinks.
"""

import argparse
import os
import re
import sys
from collections import namedtuple

import source

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 100

Finding = namedtuple("Finding", "check path line detail message")

# What a folder may include of this project besides itself. Left to right: what stands further left.
LEDGER = ["ledger/base", "ledger/crypto", "ledger/merkle", "ledger/filing", "ledger/chain",
          "ledger/verify", "ledger/json"]
PURE_NODE = ["node/consensus", "node/mempool", "node/replica"]
CORE = LEDGER + ["beian/v1"]
ARROWS = {
    **{folder: LEDGER[:i] + (["beian/v1"] if i >= 3 else []) for i, folder in enumerate(LEDGER)},
    "node/consensus": CORE,
    "node/mempool": CORE,
    "node/replica": CORE + PURE_NODE[:2],
    "node/store": CORE + PURE_NODE,
    "node/net": CORE + PURE_NODE,
    "node/api": CORE + PURE_NODE,
    "node/runtime": CORE + PURE_NODE + ["node/store", "node/net", "node/api"],
    "node": CORE + PURE_NODE + ["node/store", "node/net", "node/api", "node/runtime"],
    "client/sdk": CORE,
    "client/published": CORE + ["client/sdk"],
    "client/audit": CORE + ["client/sdk"],
    "client/cli": CORE + ["client/sdk", "client/published", "client/audit"],
    "client": CORE + ["client/sdk", "client/published", "client/audit", "client/cli"],
    "sim": CORE + PURE_NODE,
}
# The store's interface, which the simulator implements and the API reads through; and the octets of
# messages, through which the simulator sends what dishonest validators say.
INTERFACES = {"node/store/block_store.h": ("sim", "node/api"),
              "node/net/message_codec.h": ("sim",)}

PURE = ("ledger/",) + tuple(folder + "/" for folder in PURE_NODE) + ("sim/",)
PURE_EXCEPT = ("sim/command/", "sim/canaries/hunt.cc")   # clock, files and processes stand there
IMPURE_HEADERS = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "chrono",
                  "random", "fstream", "iostream", "filesystem", "unistd.h", "sys/socket.h",
                  "unordered_map", "unordered_set"}
IMPURE_WORDS = re.compile(
    r"std::random_device|\b(?:steady|system|high_resolution)_clock\b|std::(?:thread|mutex|jthread)\b"
    r"|(?<![\w.:>])(?:(?<=return )|(?<!\w ))(?:time|clock|rand|srand|getenv|fopen|gettimeofday|clock_gettime)\s*\(|std::time\b")
FORBIDDEN_WORDS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
DISABLED = re.compile(r"\bDISABLED_\w*|\bGTEST_SKIP\b|@unittest\.skip|\bSKIP_RETURN_CODE\b")
OWN_FOLDER = "tests/lint/"


class Tree:
    def __init__(self, root):
        self.root = root
        self.files = source.list_files(root)
        self.known = set(self.files)
        self._texts = {}

    def text(self, path):
        if path not in self._texts:
            with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
                self._texts[path] = file.read()
        return self._texts[path]

    def cpp(self, *folders):
        return [p for p in self.files
                if p.endswith(source.CPP) and (not folders or p.startswith(folders))]


def folder_of(path):
    """The layer that a file belongs to: the longest known folder above it."""
    parts = path.split("/")[:-1]
    while parts:
        if "/".join(parts) in ARROWS:
            return "/".join(parts)
        parts.pop()
    return None


def check_layers(tree):
    for path in tree.cpp("ledger/", "node/", "client/", "sim/"):
        layer = folder_of(path)
        for line, included, quoted in source.includes(tree.text(path)):
            if quoted and not may_include(layer, included):
                yield Finding("layers", path, line, included, f"{layer or 'no layer'} may not include {included}")
            if not quoted and included.startswith("openssl/") and path.startswith("ledger/") \
                    and layer != "ledger/crypto":
                yield Finding("layers", path, line, included, "only ledger/crypto names OpenSSL")
            if not quoted and path.startswith("ledger/") and "/" not in included \
                    and included.endswith(".hpp"):
                yield Finding("layers", path, line, included, f"ledger does not link {included}")


def may_include(layer, included):
    if layer is None:
        return False
    if layer in INTERFACES.get(included, ()):
        return True
    target = os.path.dirname(included)
    while target:
        if target == layer or target in ARROWS[layer]:
            return True
        if target in ARROWS:
            return False
        target = os.path.dirname(target)
    return False


def check_includes(tree):
    for path in tree.cpp():
        for line, included, quoted in source.includes(tree.text(path)):
            if not quoted:
                continue
            generated = re.sub(r"^(.*)\.pb\.h$", r"proto/\1.proto", included)
            if included.startswith(".") or (included not in tree.known and generated not in tree.known):
                yield Finding("includes", path, line, included,
                              f"{included} is no path from the root of the tree")


def check_purity(tree):
    for path in tree.cpp(*PURE):
        if path.startswith(PURE_EXCEPT):
            continue
        for line, included, quoted in source.includes(tree.text(path)):
            if not quoted and included in IMPURE_HEADERS:
                yield Finding("purity", path, line, f"<{included}>", f"<{included}> in a pure folder")
        for line, text in enumerate(source.blank(tree.text(path)).splitlines(), 1):
            for match in IMPURE_WORDS.finditer(text):
                word = match.group(0).rstrip("( ")
                yield Finding("purity", path, line, word, f"{word} in a pure folder")


def check_sizes(tree):
    for path in tree.files:
        if not path.endswith(source.CPP + (".py", ".sh", ".proto")):
            continue
        lines = tree.text(path).count("\n")
        if lines > FILE_LINES_MAX:
            yield Finding("sizes", path, 1, "file", f"{lines} lines, {FILE_LINES_MAX} are allowed")


def check_columns(tree):
    for path in tree.cpp():
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if len(line) > COLUMNS_MAX:
                yield Finding("columns", path, number, "line",
                              f"{len(line)} columns, {COLUMNS_MAX} are allowed")


def check_functions(tree):
    for path in tree.cpp():
        for name, line, lines in source.functions(tree.text(path)):
            if lines > FUNCTION_LINES_MAX:
                yield Finding("functions", path, line, name,
                              f"{name} has {lines} lines, {FUNCTION_LINES_MAX} are allowed")


def check_switches(tree):
    for path in tree.cpp("ledger/", "node/", "client/", "sim/"):
        code = source.blank(tree.text(path))
        for match in re.finditer(r"\bswitch\s*\(", code):
            body = source.outermost(source.block_after(code, match.start()))
            if re.search(r"\bcase\s+(?:\w+::)*k[A-Z]\w*\s*:", body) and re.search(r"\bdefault\s*:", body):
                yield Finding("switches", path, code.count("\n", 0, match.start()) + 1, "default",
                              "a switch over an enum has a default")


def check_disabled(tree):
    for path in tree.files:
        if not path.startswith("tests/") or path.startswith(OWN_FOLDER) or not source.is_text(path):
            continue
        for line, text in enumerate(tree.text(path).splitlines(), 1):
            for match in DISABLED.finditer(text):
                yield Finding("disabled", path, line, match.group(0), f"{match.group(0)} disables a test")


def check_words(tree):
    for path in tree.files:
        if path.startswith(OWN_FOLDER) or not source.is_text(path):
            continue
        for line, text in enumerate(tree.text(path).splitlines(), 1):
            for match in FORBIDDEN_WORDS.finditer(text):
                yield Finding("words", path, line, match.group(0), f"{match.group(0)}: finish it")
    if any(path.startswith(".github/") for path in tree.files):
        yield Finding("words", ".github", 1, ".github", "the checks run from .ci/run, not from .github")


def listed_sources(tree, path):
    """Names that the CMakeLists.txt of the folder, or of one above it, gives as this file's path."""
    folder = os.path.dirname(path)
    while True:
        cmake = f"{folder}/CMakeLists.txt" if folder else "CMakeLists.txt"
        if cmake in tree.known:
            relative = os.path.relpath(path, folder or ".")
            text = re.sub(r"#[^\n]*", "", tree.text(cmake))
            if re.search(rf"(?<![\w./-]){re.escape(relative)}(?![\w./-])", text):
                return True
        if not folder:
            return False
        folder = os.path.dirname(folder)


def check_listed(tree):
    for path in tree.cpp("ledger/", "node/", "client/", "sim/", "tests/"):
        if path.endswith(".cc") and not listed_sources(tree, path):
            yield Finding("listed", path, 1, "target", "no CMakeLists.txt lists this file")


def check_mirror(tree):
    stems = {}
    for path in tree.cpp("tests/"):
        if path.endswith("_test.cc"):
            stems.setdefault(os.path.dirname(path), []).append(os.path.basename(path)[:-len("_test.cc")])
    for path in tree.cpp("ledger/", "node/", "client/", "sim/"):
        if not path.endswith(".cc"):
            continue
        stem = os.path.basename(path)[:-len(".cc")]
        mirrors = stems.get("tests/" + os.path.dirname(path), [])
        if not any(m == stem or m.startswith(stem + "_") or stem.startswith(m + "_") for m in mirrors):
            yield Finding("mirror", path, 1, "test",
                          f"no test in tests/{os.path.dirname(path)} is named after it")


def shell_lines(text):
    """(line number, command) of every block marked sh."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside = line == "```sh"
        elif inside and line.strip():
            yield number, line


def check_readme(tree):
    """A test runs the commands of README.md; a translation shows no other."""
    if "README.md" not in tree.known:
        return
    run_by_test = {command for _, command in shell_lines(tree.text("README.md"))}
    for path in tree.files:
        if not re.fullmatch(r"README\.[\w-]+\.md", path):
            continue
        for number, command in shell_lines(tree.text(path)):
            if command not in run_by_test:
                yield Finding("readme", path, number, "command",
                              f"README.md has no command `{command}`, so no test runs it")


FAILURES = "tests/KNOWN_FAILURES.md"
QUOTED = re.compile(r"`([^`]+)`")


def names_test(path, name, text):
    """Whether the file has the test: a gtest, a Python test, a fuzz target, a scenario, a planted bug
    or an invariant that a checker reports."""
    if path.startswith(("tests/fuzz/", "tests/scenarios/")):
        file = os.path.basename(path)
        if name in (file, os.path.splitext(file)[0]):
            return path.endswith(".txt") or "LLVMFuzzerTestOneInput" in text
    group, dot, member = (re.escape(part) for part in name.partition("."))
    if dot and path.endswith(".cc"):
        return bool(re.search(rf"^TEST(?:_F|_P)?\(\s*{group},\s*{member}\)", text, re.M))
    if dot and path.endswith(".py"):
        return bool(re.search(rf"^class {group}\b", text, re.M)
                    and re.search(rf"^ +def {member}\(", text, re.M))
    return not dot and not path.startswith("tests/") and f'"{name}"' in text


def check_failures(tree):
    """Every row of the page of known failures names a test that is where the row says; only what is
    not shown yet may name none."""
    if FAILURES not in tree.known:
        return
    shown = True
    for number, line in enumerate(tree.text(FAILURES).splitlines(), 1):
        if line.startswith("## "):
            shown = line != "## Not shown yet"
        if not line.startswith("|") or line.startswith(("| ---", "| Failure |")):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not shown and cells[2:] == ["none", "none"]:
            continue
        quoted = [QUOTED.fullmatch(cell) for cell in cells[2:]]
        if len(cells) != 4 or not all(quoted):
            yield Finding("failures", FAILURES, number, "row",
                          "a row is: failure, guard or gap, `test`, `file`")
            continue
        name, path = (match.group(1) for match in quoted)
        if path not in tree.known:
            yield Finding("failures", FAILURES, number, path, f"there is no {path}")
        elif not names_test(path, name, tree.text(path)):
            yield Finding("failures", FAILURES, number, name, f"{path} has no {name}")


CHECKS = {
    "layers": check_layers, "includes": check_includes, "purity": check_purity,
    "sizes": check_sizes, "columns": check_columns, "functions": check_functions,
    "switches": check_switches, "disabled": check_disabled, "words": check_words,
    "listed": check_listed, "mirror": check_mirror, "readme": check_readme,
    "failures": check_failures,
}


class BadExceptions(Exception):
    """The list of exceptions does not read, or has grown."""


def read_exceptions(tree):
    """{(check, path, detail)} of tests/lint/exceptions.txt; empty where there is none."""
    path = OWN_FOLDER + "exceptions.txt"
    if path not in tree.known:
        return set()
    entries, ceiling = set(), None
    for number, line in enumerate(tree.text(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split(None, 3)
        if fields[0] == "ceiling" and len(fields) == 2:
            ceiling = int(fields[1])
            continue
        if len(fields) < 4 or fields[0] not in CHECKS:
            raise BadExceptions(f"{path}:{number}: need `check path detail reason`")
        if tuple(fields[:3]) in entries:
            raise BadExceptions(f"{path}:{number}: said twice")
        entries.add(tuple(fields[:3]))
    if ceiling != len(entries):
        raise BadExceptions(f"{path}:1: {len(entries)} exceptions, the ceiling is {ceiling}; "
                            "the list only shrinks, and its ceiling with it")
    return entries


def run(root, names):
    """Lines to print; none when the tree is clean."""
    tree = Tree(root)
    try:
        exceptions = read_exceptions(tree)
    except BadExceptions as error:
        return [str(error)]
    lines = []
    for name in names:
        used = set()
        for finding in CHECKS[name](tree):
            key = (finding.check, finding.path, finding.detail)
            if key in exceptions:
                used.add(key)
            else:
                lines.append(f"{finding.path}:{finding.line}: {finding.message} [{name}]")
        for check, path, detail in sorted(exceptions - used):
            if check == name:
                lines.append(f"{OWN_FOLDER}exceptions.txt:1: no longer needed: {check} {path} {detail}")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checks", nargs="+", choices=[*CHECKS, "all"])
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    arguments = parser.parse_args()
    names = list(CHECKS) if "all" in arguments.checks else arguments.checks
    lines = run(os.path.normpath(arguments.root), names)
    for line in lines:
        print(line)
    if lines:
        print(f"lint: {len(lines)} findings", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
