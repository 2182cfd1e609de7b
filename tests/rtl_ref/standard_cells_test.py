"""The flow to standard cells: standard_cells_test.py SCRIPTS RTL POINTS LIBERTY, from any folder."""

import json
import pathlib
import random
import sys
import tempfile
import unittest

scripts, rtl, points, liberty = (pathlib.Path(argument).resolve() for argument in sys.argv[1:5])
sys.path.insert(0, str(scripts))

import characterise  # noqa: E402
import standard_cells  # noqa: E402


def size(point):
    return sum(block["area_um2"] for block in point["blocks"].values())


def random_module(source, nets, sinks):
    """A module in which `sinks` inputs hang on `nets` nets."""
    cells = {f"driver_{net}": {"type": "DFFPOSX1", "port_directions": {"Q": "output"}, "connections": {"Q": [net]}}
             for net in range(2, 2 + nets)}
    for sink in range(sinks):
        cells[f"sink_{sink}"] = {"type": "INVX1", "port_directions": {"A": "input"},
                                 "connections": {"A": [source.randrange(2, 2 + nets)]}}
    return {"cells": cells, "netnames": {str(net): {"bits": [net]} for net in range(2, 2 + nets)}}


def root_of(module, bit):
    """The net in front of all buffers, and how many a signal passes."""
    drivers = {cell["connections"]["Y"][0]: cell["connections"]["A"][0]
               for cell in module["cells"].values() if cell["type"] == "BUFX4"}
    depth = 0
    while bit in drivers:
        bit = drivers[bit]
        depth += 1
    return bit, depth


class StandardCellsTest(unittest.TestCase):
    def test_fanout_trees_keep_every_connection(self):
        for seed in range(20):
            source = random.Random(seed)
            module = random_module(source, source.randint(1, 5), source.randint(1, 3000))
            before = {name: cell["connections"]["A"][0] for name, cell in module["cells"].items()
                      if cell["type"] == "INVX1"}
            standard_cells.limit_fanout(module)
            loads = {}
            for name, cell in module["cells"].items():
                if cell["type"] == "DFFPOSX1":
                    continue
                bit = cell["connections"]["A"][0]
                loads[bit] = loads.get(bit, 0) + 1
                if cell["type"] == "INVX1":
                    self.assertEqual(root_of(module, bit)[0], before[name], f"seed {seed}")
            self.assertLessEqual(max(loads.values()), standard_cells.MAX_FANOUT, f"seed {seed}")

    def test_a_committed_layer_comes_out_again(self):
        """What the fits stand on is what this RTL and these tools give."""
        committed = min(characterise.made_points(points), key=size)
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            characterise.write_design(committed["layer"], rtl, folder / "design")
            again = standard_cells.synthesise(folder / "design", liberty, 1, folder / "cells")
        self.assertEqual(again["blocks"], committed["blocks"], "make layers.jsonl again with scripts/characterise")
        self.assertEqual(again["paths"], committed["paths"])
        self.assertEqual(again["memories"], committed["memories"])

    def test_every_committed_layer_is_of_the_plan(self):
        plan = characterise.plan()
        for number, point in enumerate(characterise.made_points(points), 1):
            self.assertIn(point["layer"], plan, f"line {number}")

    def test_what_cannot_be_synthesised_is_refused(self):
        module = {"parameter_default_values": {"Lanes": f"{784:032b}"}}
        with self.assertRaisesRegex(standard_cells.FlowError, "784 lanes, too many to synthesise here"):
            standard_cells.check_size({"x\\u_matrix_calculator": module})
        cells = {"layer_1": {"type": "a"}, "layer_2": {"type": "b"}}
        with self.assertRaisesRegex(standard_cells.FlowError, "--layer 3: the network has layers 1 to 2"):
            standard_cells.top_module({"accelerator": {"cells": cells}}, 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
