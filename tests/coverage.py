#!/usr/bin/env python3
"""Line coverage by folder from what gcov says of every object file of a build."""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

OBJECTS_PER_CALL = 16


def object_notes(build):
    for folder, _, names in os.walk(build):
        for name in sorted(names):
            if name.endswith(".gcno"):
                yield os.path.join(os.path.abspath(folder), name)


def gcov(notes):
    """The reports of some object files; one that never ran counts with zeros."""
    done = subprocess.run(["gcov", "--json-format", "--stdout", *notes],
                          capture_output=True, check=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def count_lines(build, root, folders):
    """{file: {line: times reached}} of the files of `folders`, over every object that holds them."""
    notes = list(object_notes(build))
    groups = [notes[i:i + OBJECTS_PER_CALL] for i in range(0, len(notes), OBJECTS_PER_CALL)]
    counts = defaultdict(lambda: defaultdict(int))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for reports in pool.map(gcov, groups):
            for report in reports:
                for file in report["files"]:
                    full = os.path.join(report["current_working_directory"], file["file"])
                    path = os.path.relpath(full, root)
                    if not path.startswith(tuple(folder + "/" for folder in folders)):
                        continue
                    for line in file["lines"]:
                        counts[path][line["line_number"]] += line["count"]
    return counts


def ranges(numbers):
    """1, 2, 3, 7 as `1-3 7`."""
    shown = []
    for number in sorted(numbers):
        if shown and shown[-1][1] == number - 1:
            shown[-1][1] = number
        else:
            shown.append([number, number])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in shown)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--minimum", type=float, default=0)
    parser.add_argument("--missing", action="store_true", help="list the lines that were not reached")
    parser.add_argument("folders", nargs="+")
    arguments = parser.parse_args()
    root = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    counts = count_lines(arguments.build, root, arguments.folders)
    totals = {folder: [0, 0] for folder in arguments.folders}
    print(f"{'file':50} {'lines':>6} {'reached':>8} {'%':>6}")
    for path in sorted(counts):
        lines = counts[path]
        reached = sum(count > 0 for count in lines.values())
        for folder, total in totals.items():
            if path.startswith(folder + "/"):
                total[0] += len(lines)
                total[1] += reached
        print(f"{path:50} {len(lines):6} {reached:8} {100 * reached / len(lines):6.1f}")
        if arguments.missing and reached < len(lines):
            print("    not reached:", ranges(n for n, count in lines.items() if count == 0))
    good = True
    for folder, (lines, reached) in totals.items():
        share = 100 * reached / lines if lines else 0.0
        good = good and share >= arguments.minimum
        print(f"{folder:50} {lines:6} {reached:8} {share:6.1f}")
    if not good:
        print(f"coverage: below {arguments.minimum:g} %", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
