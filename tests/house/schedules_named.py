"""Counts the files that name a schedule: a new engine touches each of them.

schedules_named.py ROOT MOST    exits with 1 if more than MOST source files outside of the engines'
                                own folders (dense/, sequential/, streaming/), tests and docs do
schedules_named.py --self-test  shows that a file too many is noticed
"""

import os
import re
import sys
import tempfile

ENGINES = {"dense", "sequential", "streaming"}
NAMED = re.compile(r"\bSchedule::\w|\bschedule\s*==?\s*\"")
LEFT_OUT = {"tests", "docs", "build", "data", "node_modules"}


def files_naming_schedules(root):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f[0] != "." and f not in LEFT_OUT | ENGINES)
        for name in sorted(files):
            if not name.endswith((".h", ".cpp", ".v")):
                continue
            file = os.path.join(folder, name)
            with open(file, encoding="utf-8") as source:
                if NAMED.search(source.read()):
                    yield os.path.relpath(file, root)


def check(root, most):
    found = list(files_naming_schedules(root))
    for file in found:
        print(file)
    print(f"{len(found)} files name a schedule; at most {most} may")
    return 0 if len(found) <= most else 1


def self_test():
    with tempfile.TemporaryDirectory() as root:
        for folder in ("layer", "layer/dense"):
            os.makedirs(os.path.join(root, folder), exist_ok=True)
            with open(os.path.join(root, folder, "a.cpp"), "w", encoding="utf-8") as source:
                source.write("if (schedule == Schedule::dense) {}\n")
        assert list(files_naming_schedules(root)) == ["layer/a.cpp"]
        assert check(root, 1) == 0 and check(root, 0) == 1
    return 0


if __name__ == "__main__":
    sys.exit(self_test() if sys.argv[1] == "--self-test" else check(sys.argv[1], int(sys.argv[2])))
