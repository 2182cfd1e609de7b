"""Compares the clock of a small layer on an FPGA with that of the standard cells, machine by machine.

    second_clock.py RTL --liberty FILE --work FOLDER

Prints a table in Markdown: layer 64 to 16, r = 8, 4 lanes, of every schedule and some numbers of pipeline
stages; the period by iCE40 with wires (scripts/place_and_route.py), by standard cells without
(scripts/standard_cells.py), and how far the two agree.
"""

import argparse
import itertools
import pathlib
import random
import statistics
import sys

import characterise
import place_and_route
import standard_cells

STAGES = ((0, 0, 0), (1, 1, 1), (0, 1, 2))  # read, multiply, add


def small_layer(schedule, stages):
    read, multiply, add = stages
    return {**characterise.paper_layer(schedule, 4, multiply, add), "M": 64, "N": 16, "R": 8, "LanesV": 4,
            "ReadLatency": read, "ZShift": 8}


def random_weights(layer):
    """Contents of the weight memories. Without them Yosys takes any value for a weight and removes the
    memory, and with it the multipliers."""
    source = random.Random(characterise.SEED)

    def words(count, lanes, bits):
        digits = (lanes * bits + 3) // 4
        return [f"{source.getrandbits(lanes * bits):0{digits}x}" for _ in range(count)]

    tiles = -(-layer["M"] // layer["LanesU"])
    if layer["Schedule"] == 0:
        return {"WFile": words(layer["N"] * tiles, layer["LanesU"], layer["WBits"])}
    rows, columns = (layer["N"], layer["R"]) if layer["Schedule"] == 1 else (layer["R"], layer["N"])
    return {"UFile": words(layer["R"] * tiles, layer["LanesU"], layer["UBits"]),
            "VFile": words(rows * -(-columns // layer["LanesV"]), layer["LanesV"], layer["VBits"])}


def ranks(values):
    """Equal values share the mean of their ranks."""
    order = sorted(values)
    return [order.index(value) + (order.count(value) - 1) / 2 for value in values]


def agreement(pairs):
    """Spearman's rank correlation, and how many couples of pairs are in the same order, of how many."""
    correlation = statistics.correlation(*(ranks(column) for column in zip(*pairs)))
    couples = list(itertools.combinations(pairs, 2))
    same = sum((a[0] - b[0]) * (a[1] - b[1]) > 0 for a, b in couples)
    return correlation, same, len(couples)


def compare(arguments):
    print("| schedule | stages | logic cells | block RAMs | iCE40, ns | osu018, ns | ratio |\n" + "|---" * 7 + "|")
    pairs = []
    for schedule, stages in itertools.product(characterise.SCHEDULES, STAGES):
        layer = small_layer(schedule, stages)
        characterise.write_design(layer, arguments.rtl, arguments.work / "design", random_weights(layer))
        placed = place_and_route.place_and_route(arguments.work / "design", 1, arguments.work / "placed")
        cells = standard_cells.synthesise(arguments.work / "design", arguments.liberty, 1, arguments.work / "cells")
        pairs.append((placed["period_ns"], cells["period_ns"]))
        print(f"| {schedule} | {','.join(map(str, stages))} | {placed['logic_cells']:,} | {placed['block_rams']} | "
              f"{pairs[-1][0]:.1f} | {pairs[-1][1]:.2f} | {pairs[-1][0] / pairs[-1][1]:.2f} |", flush=True)
        for name, path in (("iCE40", placed["longest_path"]), ("osu018", cells["longest_path"])):
            print(f"{schedule} {stages} {name}: {path['from']} to {path['to']}", file=sys.stderr, flush=True)
    correlation, same, couples = agreement(pairs)
    ratios = [first / second for first, second in pairs]
    print(f"\nratio {min(ratios):.2f} to {max(ratios):.2f}; rank correlation {correlation:.2f}; "
          f"{same} of {couples} pairs of machines in the same order")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rtl", type=pathlib.Path)
    parser.add_argument("--liberty", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.rtl = arguments.rtl.resolve()
    arguments.work = arguments.work.resolve()
    try:
        compare(arguments)
    except standard_cells.FlowError as error:
        print(f"second_clock.py: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
