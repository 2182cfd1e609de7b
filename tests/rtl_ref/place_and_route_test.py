"""The flow to an iCE40: place_and_route_test.py SCRIPTS RTL, from any folder."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

scripts, rtl = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
sys.path.insert(0, str(scripts))

import characterise  # noqa: E402
import place_and_route  # noqa: E402
import second_clock  # noqa: E402
import standard_cells  # noqa: E402

TINY = {**second_clock.small_layer("dense", (0, 1, 0)), "M": 32, "N": 8, "LanesU": 1}


def write_layer(layer, folder):
    characterise.write_design(layer, rtl, folder, second_clock.random_weights(layer))


class PlaceAndRouteTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_a_tiny_layer_is_placed_and_routed(self):
        write_layer(TINY, self.folder / "design")
        figures = place_and_route.place_and_route(self.folder / "design", 1, self.folder / "placed")
        self.assertEqual(figures["schema"], "cfcsim.place_and_route/1")
        self.assertEqual(figures["wrapper_cells"], 3 + 8 + 2 + 8)
        # Input buffer and weights are two memories; the outputs are 8 bytes of registers.
        self.assertEqual(figures["block_rams"], 2)
        self.assertGreater(figures["logic_cells"], figures["wrapper_cells"] + 64 + 32)
        self.assertLess(figures["logic_cells"], 1000)
        self.assertGreater(figures["period_ns"], 5)
        self.assertLess(figures["period_ns"], 40)
        path = figures["longest_path"]
        self.assertAlmostEqual(path["ns"], figures["period_ns"], 1)
        for end in (path["from"], path["to"]):
            self.assertRegex(end, r"^(i_|o_|.*\b(o_|r_)\w+)", "a name of the RTL")
            self.assertNotRegex(end, r"\$|SB_")
        again = place_and_route.place_and_route(self.folder / "design", 1, self.folder / "again")
        self.assertEqual(again, figures)

    def test_a_design_that_is_too_large_is_refused(self):
        """At once, as its parameters tell."""
        write_layer({**TINY, "M": 784, "LanesU": 784, "InBeatWidth": 784}, self.folder / "design")
        command = [sys.executable, scripts / "place_and_route.py", self.folder / "design", "--work", self.folder]
        status = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(status.returncode, 2)
        self.assertRegex(status.stderr, r"^place_and_route.py: an iCE40 HX8K has 7,680 logic cells and 32 block RAMs; "
                         r"this takes at least [0-9,]+ logic cells: one layer .* may fit\n$")
        self.assertEqual(status.stdout, "")

    def test_what_nextpnr_has_no_room_for_is_refused_with_its_size(self):
        write_layer({**TINY, "M": 4500, "N": 4}, self.folder / "design")
        size = r"this takes [0-9,]+ logic cells and [0-9]{2} block RAMs:"
        with self.assertRaisesRegex(standard_cells.FlowError, size):
            place_and_route.place_and_route(self.folder / "design", 1, self.folder / "placed")

    def test_what_a_design_takes_at_least_is_less_than_it_takes(self):
        write_layer(second_clock.small_layer("streaming", (0, 0, 0)), self.folder / "design")
        work = self.folder / "placed"
        work.mkdir()
        top = standard_cells.top_module(standard_cells.elaborate(self.folder / "design", work), 1)
        modules = place_and_route.select_top(top, work)
        ports = place_and_route.ports_of(modules["design"])
        least = place_and_route.least_cells(modules, ports)
        cells = place_and_route.synthesise(top, ports, work)["cells"].values()
        self.assertGreater(least, 1000)
        self.assertLess(least, sum(cell["type"] == "SB_LUT4" for cell in cells))

    def test_agreement_is_a_rank_correlation(self):
        for second, correlation, same in (((10, 20, 30), 1, 3), ((30, 20, 10), -1, 0), ((10, 30, 20), 0.5, 2),
                                          ((10, 10, 20), 3 ** 0.5 / 2, 2)):
            found = second_clock.agreement(list(zip((1, 2, 3), second)))
            self.assertAlmostEqual(found[0], correlation)
            self.assertEqual(found[1:], (same, 3))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
