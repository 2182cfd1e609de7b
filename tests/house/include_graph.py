"""Holds the includes of the sources against allowed_arrows.txt: no include runs up or in a circle,
and where only some headers of a folder may be included, no other is.

include_graph.py ROOT ALLOWED          exits with 1 and names each include that is not allowed
include_graph.py --self-test ALLOWED   shows that forbidden includes and a circle are noticed
"""

import os
import re
import sys
import tempfile
from graphlib import CycleError, TopologicalSorter

INCLUDE = re.compile(r'#include ["<]((?:\w+/)+\w+\.h)[">]')


def read_arrows(file):
    arrows = {}
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                folder, targets = line.split(":")
                arrows[folder] = set(targets.split())
    return arrows


def includes(root, tops):
    """(file, included header) of every include between folders of the house."""
    for top in tops:
        for folder, _, files in os.walk(os.path.join(root, top)):
            for name in sorted(files):
                if not name.endswith((".h", ".cpp")):
                    continue
                file = os.path.relpath(os.path.join(folder, name), root)
                with open(os.path.join(root, file), encoding="utf-8") as source:
                    for target in INCLUDE.findall(source.read()):
                        if target.split("/")[0] in tops:
                            yield file, target


def folder_of(target):
    return os.path.dirname(target) if target.endswith(".h") else target


def folders(arrows):
    """The arrows between folders, those to single headers among them."""
    return {folder: {folder_of(target) for target in targets} for folder, targets in arrows.items()}


def faults(root, arrows):
    try:
        TopologicalSorter(folders(arrows)).prepare()
    except CycleError as circle:
        yield "allowed_arrows.txt runs in a circle: " + " -> ".join(circle.args[1])
    tops = {folder.split("/")[0] for folder in arrows}
    for file, target in includes(root, tops):
        own = os.path.dirname(file)
        if own not in arrows:
            yield f"{file}: allowed_arrows.txt does not know its folder; add a line {own}:"
        elif folder_of(target) != own and not {target, folder_of(target)} & arrows[own]:
            yield f"{file}: includes {target}, to which no arrow leads from {own}/"


def faults_of(file, source, arrows):
    """What is wrong with a house of this one file."""
    with tempfile.TemporaryDirectory() as root:
        path = os.path.join(root, file)
        os.makedirs(os.path.dirname(path))
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(source)
        return list(faults(root, arrows))


def self_test(arrows):
    upward = '#include "sc_model/accelerator.h"\n#include "support/error.h"\n'
    found = faults_of("golden/cheat.h", upward, arrows)
    assert len(found) == 1 and "golden/cheat.h" in found[0], found
    # The model reads networks, and calls nothing of golden that computes.
    for folder in [folder for folder in arrows if folder.split("/")[0] == "sc_model"]:
        for header in ["fixed_point.h", "inference.h"]:
            cheat = f'#include "golden/{header}"\n'
            found = faults_of(f"{folder}/cheat.cpp", cheat, arrows)
            assert len(found) == 1 and header in found[0], (folder, header, found)
    reader = '#include "golden/network.h"\n'
    assert not faults_of("sc_model/layer/layer.h", reader, arrows)
    for target in ["golden", "golden/network.h"]:
        circle = dict(arrows, support={target})
        assert any("in a circle" in fault for fault in faults_of("support/error.h", "", circle))


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
