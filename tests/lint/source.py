"""Reading the tree: which files there are, and C++ text without comments and literals."""

import os
import re
import subprocess

CPP = (".cc", ".h")
TEXT = CPP + (".proto", ".py", ".sh", ".txt", ".toml", ".json", ".md", ".yaml", ".tsv", ".cmake", "")
SKIPPED_FOLDERS = {"build", "var", "coverage", ".git", ".cache", "node_modules", "__pycache__"}


def list_files(root):
    """Paths relative to `root`: what git tracks or would track; every file where there is no git."""
    git = subprocess.run(
        ["git", "-C", root, "ls-files", "-co", "--exclude-standard", "-z"],
        capture_output=True, check=False)
    if git.returncode == 0 and os.path.isdir(os.path.join(root, ".git")):
        paths = git.stdout.decode().split("\0")
        return sorted({p for p in paths if p and os.path.isfile(os.path.join(root, p))})
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def is_text(path):
    return os.path.splitext(path)[1] in TEXT


LITERALS = re.compile(
    r'R"([^\s()\\]{0,16})\((?:.|\n)*?\)\1"'   # raw string
    r"|//[^\n]*"
    r"|/\*(?:.|\n)*?\*/"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'")  # a quote after a digit separates thousands


def blank(text):
    """`text` with comments and literals replaced by blanks; every line keeps its number."""
    def keep_lines(match):
        inside = match.group(0)
        mark = '""' if inside[0] in "\"R'" else ""
        return mark + "\n" * inside.count("\n")
    return LITERALS.sub(keep_lines, text)


def includes(text):
    """(line number, path, whether in quotes) of every include."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            found.append((number, match.group(2), match.group(1) == '"'))
    return found


HEAD_PREFIX = re.compile(r"(?:\s*(?:public|protected|private)\s*:|\s*#[^\n]*\n)*\s*")
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum)\b|extern\s*\"\"")


def functions(text):
    """(name, first line, lines) of every function that has a body. A count of braces, not a parser:
    a body opens after a text that has parentheses and declares no class or namespace."""
    code = blank(text)
    found = []
    stack = []          # "scope", "body" or "other" for each open brace
    statement = 0       # where the text before the next brace begins
    start = name = None
    for match in re.finditer(r"[{};]", code):
        at, sign = match.start(), match.group(0)
        inside_body = "body" in stack
        if sign == "{":
            before = code[statement:at]
            if inside_body:
                stack.append("other")
            elif start is not None or is_function_head(before):
                if start is None:
                    start = statement + HEAD_PREFIX.match(before).end()
                    name = function_name(before)
                stack.append("body")
            else:
                stack.append("scope" if SCOPE.search(before) else "other")
            statement = at + 1
        elif sign == "}":
            kind = stack.pop() if stack else "other"
            statement = at + 1
            # `member_{1}, other_{2} {`: an initialiser's braces do not end the function.
            following = code[at + 1:].lstrip()[:1]
            if kind == "body" and "body" not in stack and following not in (",", "{"):
                first = code.count("\n", 0, start) + 1
                found.append((name, first, code.count("\n", 0, at) + 2 - first))
                start = name = None
        elif not inside_body:
            statement = at + 1
            start = name = None
    return found


def is_function_head(before):
    head = re.sub(r"^\s*#[^\n]*$", "", before, flags=re.M)
    head = re.sub(r"template\s*<[^{}]*?>\s*(?=\w)", "", head)
    if "(" not in head or SCOPE.search(head.split("(")[0]):
        return False
    return not head.rstrip().endswith(("=", ","))


def function_name(before):
    match = re.search(r"([\w:~]+|operator\W+)\s*\(", before)
    return match.group(1) if match else "?"


def block_after(code, at):
    """The text between the brace that opens at or after `at` and the one that closes it."""
    begin = code.find("{", at)
    depth = 0
    for i in range(begin, len(code)):
        depth += {"{": 1, "}": -1}.get(code[i], 0)
        if depth == 0:
            return code[begin + 1:i]
    return code[begin + 1:]


def outermost(block):
    """`block` without what stands in braces inside it."""
    kept, depth = [], 0
    for c in block:
        depth -= c == "}"
        kept.append(c if depth == 0 or c == "\n" else " ")
        depth += c == "{"
    return "".join(kept)
