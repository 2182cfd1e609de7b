"""Energy from the switching of netlists: switching_energy_test.py SCRIPTS CFCSIM ROOT DATA LIBERTY."""

import argparse
import pathlib
import re
import sys
import tempfile
import unittest

scripts, cfcsim, root, data, liberty = (pathlib.Path(argument).resolve() for argument in sys.argv[1:6])
sys.path.insert(0, str(scripts))

import characterise  # noqa: E402
import characterise_energy  # noqa: E402
import standard_cells  # noqa: E402
import switching_energy  # noqa: E402
from liberty import Liberty  # noqa: E402

POINTS = root / "explore/technology/osu018/energies.jsonl"
VCD = """$timescale 10ps $end
$scope module netlist_beside $end
$scope module gates $end
$var wire 1 ! clock $end
$scope module u_mc $end
$var wire 1 " \\sum[3] $end
$scope module g1 $end
$var wire 1 " Y $end
$upscope $end
$upscope $end
$upscope $end
$upscope $end
$enddefinitions $end
#0
0!
x"
#5
1!
1"
#10
0!
0"
"""


class SwitchingEnergyTest(unittest.TestCase):
    def test_tables_are_read_as_they_stand(self):
        library = Liberty(liberty)
        self.assertEqual(library.voltage, 1.8)
        # AND2X1 at 0.025 pF and 0.18 ns: both edges, from either input.
        self.assertAlmostEqual(library.internal_pj("AND2X1", "Y", 0.025),
                               (0.018863 + 0.062985 + 0.018522 + 0.073131) / 4)
        at_first = (0.01753 + 0.061484 + 0.018652 + 0.073373) / 4
        at_second = (0.017698 + 0.063015 + 0.018327 + 0.072689) / 4
        self.assertAlmostEqual(library.internal_pj("AND2X1", "Y", (0.005 + 0.0125) / 2), (at_first + at_second) / 2)
        self.assertAlmostEqual(library.internal_pj("AND2X1", "Y", 0), at_first)  # the table's edge
        self.assertEqual(library.internal_pj("AND2X1", "A", 0), 0)
        self.assertTrue(library.is_clock("DFFPOSX1", "CLK"))
        self.assertFalse(library.is_clock("DFFPOSX1", "D"))
        self.assertAlmostEqual(library.switching_pj(0.1), 0.1 * 1.8 * 1.8 / 2)

    def test_changes_are_counted_without_the_first_value(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.vcd"
            path.write_text(VCD, encoding="utf-8")
            self.assertEqual(switching_energy.value_changes(path),
                             {"clock": 2, "u_mc.\\sum[3]": 1, "u_mc.g1.Y": 1})

    def test_a_change_costs_the_cell_and_what_it_drives(self):
        library = Liberty(liberty)
        cells = {
            "u_mc.g1": {"type": "INVX1", "connections": {"A": [7], "Y": [8]},
                        "port_directions": {"A": "input", "Y": "output"}},
            "l_scm.r_reg": {"type": "DFFPOSX1", "connections": {"CLK": [9], "D": [8], "Q": [7]},
                            "port_directions": {"CLK": "input", "D": "input", "Q": "output"}},
        }
        changes = {"u_mc.g1.A": 0, "u_mc.g1.Y": 3, "l_scm.r_reg.D": 3, "l_scm.r_reg.Q": 0}
        blocks = switching_energy.energies(cells, changes, 10, library,
                                           switching_energy.block_finder(["u_mc", "l_scm"]))
        load = library.capacitance("DFFPOSX1", "D")
        self.assertAlmostEqual(blocks["u_mc"]["cells"], 3 * (library.internal_pj("INVX1", "Y", load) +
                                                             load * 1.8 ** 2 / 2))
        self.assertEqual(blocks["u_mc"]["clock"], 0)
        clock_pin = library.internal_pj("DFFPOSX1", "CLK", 0) + library.capacitance("DFFPOSX1", "CLK") * 1.8 ** 2 / 2
        self.assertAlmostEqual(blocks["l_scm"]["clock"], 20 * clock_pin)
        self.assertAlmostEqual(blocks["l_scm"]["cells"], 3 * library.internal_pj("DFFPOSX1", "D", 0))

    def test_a_committed_layer_comes_out_again(self):
        """What the fits stand on is what this RTL, these tools and this image give. ABC's choices depend on the names of
        other layers' cells, too, so energies agree within a percent, and all else to the last digit."""
        points = characterise.made_points(POINTS)
        self.assertTrue(all(point["keys"] in characterise_energy.plan() for point in points))
        committed = min(points, key=lambda point: point["registers"])
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder) / "work"
            arguments = argparse.Namespace(cfcsim=cfcsim, root=root, data=data, liberty=liberty, work=work)
            again = characterise_energy.measured(arguments, committed["keys"])
            self.refuse_another_netlist(work / "rtl", work / "cells", committed["keys"]["layer"])
        advice = "make energies.jsonl again with scripts/characterise --energy"
        for exact in ("layer", "registers", "images", "cycles"):
            self.assertEqual(again[exact], committed[exact], advice)
        self.assertEqual(again["blocks"].keys(), committed["blocks"].keys(), advice)
        self.assertAlmostEqual(again["energy_nj"] / committed["energy_nj"], 1, delta=0.01, msg=advice)
        self.check_clock(again)

    def check_clock(self, point):
        """Every register's clock pin, in every cycle; and all that switches besides."""
        library = Liberty(liberty)
        pin_pj = 2 * (library.internal_pj("DFFPOSX1", "CLK", 0) +
                      library.switching_pj(library.capacitance("DFFPOSX1", "CLK")))
        clock = sum(block["clock_nj"] for block in point["blocks"].values())
        self.assertAlmostEqual(clock, point["registers"] * point["cycles"] * pin_pj / 1000, 2)
        cells = sum(block["cells_nj"] for block in point["blocks"].values())
        self.assertGreater(cells, 0)
        self.assertAlmostEqual(point["energy_nj"], clock + cells, 2)

    def test_a_pin_that_was_not_simulated_is_refused(self):
        cells = {"u_mc.g1": {"type": "INVX1", "connections": {"A": [7], "Y": [8]},
                             "port_directions": {"A": "input", "Y": "output"}}}
        with self.assertRaisesRegex(standard_cells.FlowError, "u_mc.g1.Y is in the netlist, and not in what"):
            switching_energy.energies(cells, {"u_mc.g1.A": 1}, 10, Liberty(liberty),
                                      switching_energy.block_finder(["u_mc"]))

    def refuse_another_netlist(self, rtl, work, layer):
        """An inverter of L-SCM inverts no more, which shows in the first beats."""
        text = (work / "cells.v").read_text(encoding="utf-8")
        gate = re.compile(r"\bINVX1 ").search(text, text.index("module \\design.l_scm "))
        (work / "cells.v").write_text(text[:gate.start()] + "BUFX2 " + text[gate.end():], encoding="utf-8")
        with self.assertRaisesRegex(standard_cells.FlowError, "the netlist does not do what the RTL does"):
            switching_energy.simulate(rtl, liberty, layer, work)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
