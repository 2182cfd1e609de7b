"""Synthesises a plan of layers for standard cells, one after the other, into a file of points.

    characterise.py RTL --liberty FILE --points FILE --work FOLDER [--first N]

A point is what scripts/standard_cells.py finds of one layer, and the layer. Points that the file has are not
made again, so the work can be interrupted and goes on. The plan is random with a fixed seed: layers of all
schedules and of every key that changes the hardware, so that a fit sees them in all combinations.
"""

import argparse
import json
import pathlib
import random
import shutil
import sys

import standard_cells

SMALL = 96
FIRST_SMALL = 24  # of them, before those of the paper's layer, and as many again before its larger ones
LARGE = 24  # minutes each
SMALL_LANES = (2, 4, 8, 8, 12, 16, 16, 24)
LARGE_LANES = (32, 48, 64, 96, 128)
MOST_INPUTS = 256
SEED = 2026
SCHEDULES = ("dense", "sequential", "streaming")


def random_layer(source, lanes):
    """Keys as in the RTL's parameters, docs/reference/rtl.md."""
    schedule = source.choice(SCHEDULES)
    lanes_u = source.choice(lanes)
    m = lanes_u * source.choice([tiles for tiles in (1, 2, 4, 8, 16) if tiles * lanes_u <= MOST_INPUTS])
    m -= source.choice((0, 0, 1))
    n = source.choice((4, 8, 10, 16, 32, 50))
    r = source.choice((2, 4, 8, 16, 30))
    second = n if schedule == "streaming" else r
    lanes_v = min(second, source.choice((1, 2, 4, 8, 16)))
    at_once = schedule == "streaming"
    has_activation = source.choice((1, 1, 1, 0))
    return {
        "Schedule": SCHEDULES.index(schedule), "M": m, "N": n, "R": r, "LanesU": lanes_u, "LanesV": lanes_v,
        "Issue": source.choice((0, 0, 0, 1)),
        "ReadLatency": source.choice((0, 1, 1, 2)),
        "MultiplyLatency": source.choice((0, 1, 1, 2)),
        "AdderLatency": source.choice((0, 1, 2, 3, 4)),
        "RequantiseLatency": source.choice((0, 1)),
        "InBeatWidth": source.choice((1, 2, lanes_u, m)),
        "LinkWidth": source.choice((1, 2, n)) if at_once else 1,
        "InputBuffers": source.choice((1, 1, 2)),
        "PsumStorage": source.choice((0, 0, 1)) if at_once else 0,
        "WBits": source.choice((4, 8, 8)), "UBits": source.choice((4, 8, 8)), "VBits": source.choice((4, 8, 8)),
        "ZBits": source.choice((8, 12, 16)), "ZShift": source.choice((4, 6, 8)),
        "HasActivation": has_activation, "ActivationShift": source.choice((5, 6, 8)) if has_activation else 0,
    }


def paper_layer(schedule, lanes, multiply, adder, requantise=0):
    """Layer 1 of the paper, 784 to 50 with r = 30."""
    return {
        "Schedule": SCHEDULES.index(schedule), "M": 784, "N": 50, "R": 30, "LanesU": lanes, "LanesV": 16,
        "Issue": 0, "ReadLatency": 1, "MultiplyLatency": multiply, "AdderLatency": adder,
        "RequantiseLatency": requantise, "InBeatWidth": 1, "LinkWidth": 1, "InputBuffers": 1,
        "PsumStorage": 0, "WBits": 8, "UBits": 8, "VBits": 8, "ZBits": 8, "ZShift": 12,
        "HasActivation": 1, "ActivationShift": 6,
    }


def paper_layers(lanes):
    """The stages along the way, one after the other where they shorten the longest path."""
    stages = ((0, 0), (1, 0), (1, 1), (1, 1, 1), (1, 2, 1), (2, 3, 1))
    return [paper_layer(schedule, lanes, *each) for each in stages for schedule in SCHEDULES]


def plan():
    source = random.Random(SEED)
    small = [random_layer(source, SMALL_LANES) for _ in range(SMALL)]
    large = [random_layer(source, LARGE_LANES) for _ in range(LARGE)]
    mixed = [layer for at in range(LARGE) for layer in (large[at], *small[2 * FIRST_SMALL + 2 * at:][:2])]
    return (small[:FIRST_SMALL] + paper_layers(16) + small[FIRST_SMALL:2 * FIRST_SMALL] + paper_layers(64) +
            mixed)


def write_design(layer, rtl, folder, contents=None):
    """A design of one layer with random biases, as `cfcsim export rtl` writes one; `contents` are those of
    memories by the parameter that names their file, where what they hold matters."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "rtl_ref").mkdir(parents=True)
    for path in rtl.rglob("*.v"):
        shutil.copy(path, folder / "rtl_ref")
    lanes = layer["LanesV"] if layer["Schedule"] == 2 else 1
    source = random.Random(SEED)
    words = (layer["N"] + lanes - 1) // lanes
    rows = ["".join(f"{source.getrandbits(13) - 4096 & 0xffffffff:08x}" for _ in range(lanes)) for _ in range(words)]
    values = dict(layer)
    for key, lines in {"BiasFile": rows, **(contents or {})}.items():
        file = folder / f"{key.removesuffix('File').lower()}.hex"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        values[key] = f'"{file.name}"'
    out_bits = 8 if layer["HasActivation"] else 32
    parameters = ",\n      ".join(f".{key}({value})" for key, value in values.items())
    (folder / "accelerator.v").write_text(f"""module accelerator (
    input wire i_clk, input wire i_rst_n,
    input wire i_valid, output wire o_ready, input wire [{layer['InBeatWidth'] * 8 - 1}:0] i_data,
    output wire o_valid, input wire i_ready, output wire [{layer['LinkWidth'] * out_bits - 1}:0] o_data
);
  layer #(
      {parameters}
  ) layer_1 (
      .i_clk(i_clk), .i_rst_n(i_rst_n), .i_valid(i_valid), .o_ready(o_ready), .i_data(i_data),
      .o_valid(o_valid), .i_ready(i_ready), .o_data(o_data)
  );
endmodule
""", encoding="utf-8")


def made_points(path):
    """Points of a file; FlowError where a line is none, such as one that an interruption left half written."""
    points = []
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            points.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise standard_cells.FlowError(f"{path}: line {number} is no JSON; delete it") from error
    return points


def characterise(machines, key, make_point, path):
    """Appends to a file the points of a plan that it does not have; `key` names the machine in a point."""
    made = [point[key] for point in made_points(path)]
    for index, machine in enumerate(machines):
        if machine in made:
            continue
        print(f"layer {index + 1} of {len(machines)}", file=sys.stderr, flush=True)
        point = {key: machine, **make_point(machine)}
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(point) + "\n")


def run_plan(parser, machines, key, make_point):
    """Characterises a plan with the options of a command line; status 2 where a tool fails."""
    for option in ("--liberty", "--points", "--work"):
        parser.add_argument(option, type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument("--first", type=int)
    arguments = parser.parse_args()
    try:
        characterise(machines[:arguments.first], key, lambda machine: make_point(arguments, machine), arguments.points)
    except standard_cells.FlowError as error:
        print(f"{pathlib.Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        sys.exit(2)


def synthesised(arguments, layer):
    write_design(layer, arguments.rtl, arguments.work / "design")
    figures = standard_cells.synthesise(arguments.work / "design", arguments.liberty, 1, arguments.work / "cells")
    return {key: figures[key] for key in ("paths", "blocks", "memories")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rtl", type=lambda path: pathlib.Path(path).resolve())
    run_plan(parser, plan(), "layer", synthesised)


if __name__ == "__main__":
    main()
