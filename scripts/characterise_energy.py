"""Measures the energy of a plan of layers of the committed networks, one after the other, into a file of points.

    characterise_energy.py CFCSIM --root FOLDER --data FOLDER --liberty FILE --points FILE --work FOLDER [--first N]

A point is the layer, by the parameters of the RTL, and what scripts/switching_energy.py finds of it for an image of
the validation set. Points that the file has are not made again, so the work can be interrupted and goes on.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

import standard_cells
import switching_energy

FACTORISED = "mnist-784-50-100-10-r30"  # its first layer
DENSE = "mnist-784-50-100-10"
KEYS = ("read_latency", "multiply_latency", "adder_latency", "requantise_latency")


def machine(schedule, layer, lanes, stages, **other):
    """Keys of a layer of the networks; `stages` are those of KEYS."""
    return {"schedule": schedule, "layer": layer, "lanes_u": lanes, "lanes_v": min(16, lanes),
            **dict(zip(KEYS, stages)), **other}


def plan():
    all_stages, none = (1, 1, 1, 1), (1, 0, 0, 0)
    machines = [machine(schedule, 1, 16, all_stages) for schedule in ("streaming", "dense", "sequential")]
    machines += [machine("dense", 2, lanes, stages)
                 for lanes, stages in ((8, none), (4, (1, 1, 1, 0)), (16, all_stages), (24, (1, 1, 2, 1)))]
    machines += [machine("streaming", 1, 16, none), machine("dense", 1, 16, none),
                 machine("streaming", 1, 16, (1, 2, 3, 1)), machine("dense", 3, 2, (0, 0, 1, 0)),
                 machine("streaming", 1, 8, all_stages, psum_storage="memory"),
                 machine("dense", 2, 8, all_stages, issue="stepped"), machine("sequential", 1, 8, none),
                 machine("streaming", 1, 64, all_stages), machine("dense", 1, 64, all_stages),
                 machine("sequential", 1, 64, all_stages), machine("streaming", 1, 4, (1, 1, 0, 0)),
                 machine("dense", 1, 32, (1, 0, 2, 1)), machine("streaming", 1, 32, (0, 1, 2, 1)),
                 machine("dense", 3, 10, (1, 0, 2, 1)), machine("streaming", 1, 64, none),
                 machine("dense", 1, 64, none)]
    return machines


def export(arguments, keys, folder):
    """The RTL of a network with a layer of these keys, and a bench of one image."""
    network = DENSE if keys["schedule"] == "dense" else FACTORISED
    settings = [f"layers.{keys['layer']}.{key}={value}" for key, value in keys.items() if key != "layer"]
    if keys["schedule"] == "dense":
        settings = [setting for setting in settings if "schedule" not in setting and "lanes_v" not in setting]
    command = [arguments.cfcsim, "export", "rtl", "--network", network, "--data", arguments.data, "--images", "1",
               "-o", folder, "--set", "defaults.link_width=1", "--set", "input_link_width=1"]
    for setting in settings:
        command += ["--set", setting]
    subprocess.run(command, cwd=arguments.root, check=True, stdout=subprocess.DEVNULL)


def parameters(rtl, layer):
    """The layer's parameters in accelerator.v, but for files."""
    instance = switching_energy.instance_of(rtl, layer)
    return {key: int(value) for key, value in re.findall(r"\.(\w+)\((-?\d+)\)", instance)}


def made_points(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def characterise(arguments):
    made = [point["keys"] for point in made_points(arguments.points)]
    machines = plan()[:arguments.first]
    for index, keys in enumerate(machines):
        if keys in made:
            continue
        print(f"layer {index + 1} of {len(machines)}", file=sys.stderr, flush=True)
        shutil.rmtree(arguments.work, ignore_errors=True)
        arguments.work.mkdir(parents=True)
        rtl, cells = arguments.work / "rtl", arguments.work / "cells"
        export(arguments, keys, rtl)
        blocks = standard_cells.synthesise(rtl, arguments.liberty, keys["layer"], cells)["blocks"]
        energy = switching_energy.measure(rtl, arguments.liberty, keys["layer"], cells, blocks)
        point = {"keys": keys, "layer": parameters(rtl, keys["layer"]),
                 "registers": sum(block["registers"] for block in blocks.values()), **energy}
        with open(arguments.points, "a", encoding="utf-8") as file:
            file.write(json.dumps(point) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cfcsim", type=pathlib.Path)
    for option in ("--root", "--data", "--liberty", "--points", "--work"):
        parser.add_argument(option, type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument("--first", type=int)
    arguments = parser.parse_args()
    arguments.cfcsim = arguments.cfcsim.resolve()
    try:
        characterise(arguments)
    except standard_cells.FlowError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
