"""Measures the energy of a plan of layers of the committed networks, one after the other, into a file of points.

    characterise_energy.py CFCSIM ROOT DATA --liberty FILE --points FILE --work FOLDER [--first N]

A point is the layer, by the parameters of the RTL, and what scripts/switching_energy.py finds of it for an image of
the validation set. Points that the file has are not made again, so the work can be interrupted and goes on.
"""

import argparse
import pathlib
import re
import shutil

import characterise
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


def export(arguments, keys, folder, log):
    """The RTL of a network with a layer of these keys, and a bench of one image."""
    network = DENSE if keys["schedule"] == "dense" else FACTORISED
    command = [arguments.cfcsim, "export", "rtl", "--network", network, "--data", arguments.data, "--images", "1",
               "-o", folder, "--set", "defaults.link_width=1", "--set", "input_link_width=1"]
    for key, value in keys.items():
        if key != "layer":
            command += ["--set", f"layers.{keys['layer']}.{key}={value}"]
    standard_cells.run(command, log, arguments.root)


def parameters(rtl, layer):
    """The layer's parameters in accelerator.v, but for files."""
    instance = switching_energy.instance_of(rtl, layer)
    return {key: int(value) for key, value in re.findall(r"\.(\w+)\((-?\d+)\)", instance)}


def measured(arguments, keys):
    shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True)
    rtl, cells = arguments.work / "rtl", arguments.work / "cells"
    export(arguments, keys, rtl, arguments.work / "export.log")
    blocks = standard_cells.synthesise(rtl, arguments.liberty, keys["layer"], cells)["blocks"]
    energy = switching_energy.measure(rtl, arguments.liberty, keys["layer"], cells, blocks)
    return {"layer": parameters(rtl, keys["layer"]), "registers": sum(block["registers"] for block in blocks.values()),
            **energy}


def main():
    parser = argparse.ArgumentParser()
    for argument in ("cfcsim", "root", "data"):
        parser.add_argument(argument, type=lambda path: pathlib.Path(path).resolve())
    characterise.run_plan(parser, plan(), "keys", measured)


if __name__ == "__main__":
    main()
