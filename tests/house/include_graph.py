"""Holds the includes of the sources against allowed_arrows.txt: no include runs up or in a circle.

include_graph.py ROOT ALLOWED          exits with 1 and names each include that is not allowed
include_graph.py --self-test ALLOWED   shows that a forbidden include and a circle are noticed
"""

import os
import re
import sys
import tempfile
from graphlib import CycleError, TopologicalSorter

INCLUDE = re.compile(r'#include ["<]((?:\w+/)+)\w+\.h[">]')


def read_arrows(file):
    arrows = {}
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                folder, targets = line.split(":")
                arrows[folder] = set(targets.split())
    return arrows


def includes(root, tops):
    """(file, included folder) of every include between folders of the house."""
    for top in tops:
        for folder, _, files in os.walk(os.path.join(root, top)):
            for name in sorted(files):
                if not name.endswith((".h", ".cpp")):
                    continue
                file = os.path.relpath(os.path.join(folder, name), root)
                with open(os.path.join(root, file), encoding="utf-8") as source:
                    for target in INCLUDE.findall(source.read()):
                        if target.split("/")[0] in tops:
                            yield file, target.rstrip("/")


def faults(root, arrows):
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as circle:
        yield "allowed_arrows.txt runs in a circle: " + " -> ".join(circle.args[1])
    tops = {folder.split("/")[0] for folder in arrows}
    for file, target in includes(root, tops):
        own = os.path.dirname(file)
        if own not in arrows:
            yield f"{file}: allowed_arrows.txt does not know its folder; add a line {own}:"
        elif target != own and target not in arrows[own]:
            yield f"{file}: includes {target}/, to which no arrow leads from {own}/"


def self_test(arrows):
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, "golden"))
        with open(os.path.join(root, "golden", "cheat.h"), "w", encoding="utf-8") as source:
            source.write('#include "sc_model/accelerator.h"\n#include "support/error.h"\n')
        found = list(faults(root, arrows))
        assert len(found) == 1 and "golden/cheat.h" in found[0], found
        circle = dict(arrows, support={"golden"})
        assert any("in a circle" in fault for fault in faults(root, circle))


def main():
    root, allowed = sys.argv[1:]
    arrows = read_arrows(allowed)
    if root == "--self-test":
        return self_test(arrows)
    found = list(faults(root, arrows))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
