#!/usr/bin/env python3
"""Tests of `cfcsim report` in a browser. Usage: report_test.py CFCSIM DATA [TEST...]"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parents[3]
CFCSIM, DATA = sys.argv[1:3]
COMPARE_CHARTS = ["operations", "gantt", "peaks", "accesses", "stalls", "energy", "silicon", "roofline"]
CHARTS = [*COMPARE_CHARTS, "sweep", "time_area"]
EXPERIMENTS = ["run", "placement", "load", "parallel"]
PLATFORM_CHARTS = [f"platform_{i}_{name}" for i, name in enumerate(EXPERIMENTS, 1)]
HOSTILE = "</script><script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"


def run(*arguments, **environment):
    return subprocess.run(
        [str(argument) for argument in arguments], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, **environment}, check=False,
    )


def browse(page, profile):
    """What the page shows after its scripts ran, and what they wrote to the console."""
    result = run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 f"--user-data-dir={profile}", "--virtual-time-budget=60000",
                 "--enable-logging=stderr", "--dump-dom", page.as_uri())
    return result.stdout.split('<script type="application/json"')[0], re.findall(r"CONSOLE[^\n]*", result.stderr)


def drawn(dom):
    """The ids of the charts in which there are marks."""
    pieces = re.split(r'<div id="(\w+)"', dom)[1:]
    return [name for name, chart in zip(pieces[::2], pieces[1::2])
            if re.search(r'<path aria-label="[^"]*" role="graphics-symbol"', chart)]


class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.compare = cls.folder / "compare.json"
        cls.sweep = cls.folder / "sweep.json"
        cls.platform = [cls.folder / f"platform_{name}.json" for name in EXPERIMENTS]
        cls.succeed("compare", "--data", DATA, "--images", 20, "--json", cls.compare)
        cls.succeed("sweep", "testbench/grids/small.yaml", "--db", cls.folder / "runs.sqlite",
                    "--energy", "horowitz-45nm", "--pareto", "cycles,energy_per_image",
                    "--json", cls.sweep)
        for name, file in zip(EXPERIMENTS, cls.platform):
            cls.succeed("platform", "--data", DATA, "--images", 8, "--experiment", name,
                        *([] if name == "placement" else ["--batch", 2]), "--json", file)

    @staticmethod
    def succeed(*command):
        result = run(CFCSIM, *command)
        assert result.returncode == 0, result.stderr

    def page(self, *options):
        page = self.folder / "report.html"
        self.succeed("report", "-o", page, *options)
        return page

    def changed(self, file, change):
        """A copy of a result in which `change` was made."""
        contents = json.loads(file.read_text())
        change(contents)
        copy = self.folder / "changed.json"
        copy.write_text(json.dumps(contents))
        return copy

    def refused(self, *options, **environment):
        page = self.folder / "refused.html"
        result = run(CFCSIM, "report", "-o", page, *options, **environment)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertFalse(page.exists())
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        return result.stderr


class PageTest(ReportTest):
    def test_all_charts_are_drawn_and_the_console_stays_silent(self):
        dom, console = browse(
            self.page("--compare", self.compare, "--sweep", self.sweep, "--platform", *self.platform),
            self.folder / "profile")
        self.assertEqual(drawn(dom), CHARTS + PLATFORM_CHARTS)
        self.assertEqual(console, [])
        self.assertNotIn('class="error"', dom)
        self.assertIn("energy per image, pJ", dom)
        self.assertIn("table horowitz-45nm, in pJ, weights on chip", dom)

    def test_the_figures_are_those_of_the_comparison(self):
        dom, _ = browse(self.page("--compare", self.compare), self.folder / "profile")
        layers = [next(layer for layer in run["layers"] if layer["name"] == "fc1")
                  for run in json.loads(self.compare.read_text())["schedules"].values()]
        for figure in ("operations", "peak_bits_per_cycle"):
            row = "".join(f"<td>{layer[figure]:,}</td>" for layer in layers)
            self.assertIn(row, dom)

    def test_the_scorecard_has_the_hardware_cost_of_the_schedule_that_was_synthesised(self):
        synthesis = self.folder / "synth.txt"
        synthesis.write_text("block cells multipliers registers block RAMs memory bits\nall 111 8 21 2 4096\n")
        compare = self.folder / "synthesised.json"
        self.succeed("compare", "--data", DATA, "--images", 2, "--synthesis", f"streaming={synthesis}",
                     "--json", compare)
        dom, console = browse(self.page("--compare", compare), self.folder / "profile")
        self.assertEqual(console, [])
        origin = ("computed from the configuration; no synthesis report: dense, sequential; "
                  "computed from the configuration; synthesised by Yosys: streaming")
        for name, figure in (("cells", "111"), ("registers", "21"), ("block rams", "2"), ("memory bits", "4,096")):
            self.assertIn(f"<td>synthesis {name}</td><td>-</td><td>-</td><td>{figure}</td><td>{origin}</td>", dom)

    def test_period_time_and_area_are_those_of_the_comparison(self):
        dom, _ = browse(self.page("--compare", self.compare), self.folder / "profile")
        runs = json.loads(self.compare.read_text())["schedules"].values()
        origins = "".join(f"<td>{run['silicon']['origin']}</td>" for run in runs)
        self.assertIn(f"<td>how it is known</td>{origins}", dom)
        for title in ("period in osu018, ns", "time of an image, cycles x period, ns", "standard cells, um2"):
            self.assertIn(f"<td>{title}</td>", dom)
        self.assertIn("(configured)</td>", dom)
        self.assertIn("layers held out", dom)

    def test_results_of_before_standard_cells_are_still_drawn(self):
        def age(contents):
            contents.pop("technology")
            for runs in (contents["schedules"], contents["equal_bandwidth"]["schedules"]):
                for run in runs.values():
                    run.pop("silicon")
                    for metric in run["scorecard"]:
                        metric.pop("from", None)

        def age_points(contents):
            contents.pop("technology")
            for point in contents["points"]:
                for name in ("period_ns", "time_ns", "cells_um2"):
                    point.pop(name)
        compare = self.changed(self.compare, age)
        old = compare.rename(self.folder / "old.json")
        dom, console = browse(self.page("--compare", old, "--sweep", self.changed(self.sweep, age_points)),
                              self.folder / "profile")
        self.assertEqual(drawn(dom), [name for name in CHARTS if name not in ("silicon", "time_area")])
        self.assertEqual(console, [])

    def test_a_chart_without_its_figures_is_noticed(self):
        def forget(contents):
            for run in contents["schedules"].values():
                run["timeline"] = []
        dom, _ = browse(self.page("--compare", self.changed(self.compare, forget)), self.folder / "profile")
        self.assertEqual(drawn(dom), [name for name in COMPARE_CHARTS if name != "gantt"])

    def test_text_from_a_result_is_no_markup(self):
        def attack(contents):
            contents["network"]["file"] = HOSTILE
            contents["network"]["metadata"] = {HOSTILE: HOSTILE}
        dom, console = browse(self.page("--compare", self.changed(self.compare, attack)), self.folder / "profile")
        self.assertIn("<title>cfcsim report</title>", dom)
        self.assertNotIn("<img", dom)
        self.assertEqual(drawn(dom), COMPARE_CHARTS)
        self.assertEqual(console, [])

    def test_the_page_asks_for_nothing_else(self):
        page = self.page("--compare", self.compare).read_text()
        self.assertIn("default-src 'none'", page)
        self.assertIsNone(re.search(r"<(link|img|iframe)\b|<script[^>]+src=", page.split("<script>")[0]))


class SizeTest(ReportTest):
    """Kind 10, size: the page with one, two and very many points, in a browser."""

    def page_of(self, count):
        def multiply(contents):
            point = contents["points"][0]
            contents["points"] = [{**point, "digest": str(i), "cycles": 1000 + i, "energy_per_image": 1e6 - i}
                                  for i in range(count)]
            contents["pareto"]["digests"] = [str(i) for i in range(count)]
        return self.page("--compare", self.compare, "--sweep", self.changed(self.sweep, multiply))

    def test_kind_10_any_number_of_points_is_drawn(self):
        for count, note in ((1, ">1 designs"), (2, ">2 designs"), (200_000, ">2000 of 200000 designs")):
            with self.subTest(points=count):
                dom, console = browse(self.page_of(count), self.folder / "profile")
                self.assertEqual(drawn(dom), CHARTS)
                self.assertEqual(console, [])
                self.assertIn(note, dom)
                self.assertIn("front: Pareto front", dom)  # of a mark's label: all of them are on it


class SvgTest(ReportTest):
    def test_kind_18_files_of_the_user_stay(self):
        folder = self.folder / "theirs"
        folder.mkdir()
        for name in (".log", ".report.json"):
            (folder / name).write_text("theirs")
        self.page("--compare", self.compare, "--svg", folder)
        for name in (".log", ".report.json"):
            self.assertEqual((folder / name).read_text(), "theirs")

    def test_every_chart_is_a_file(self):
        folder = self.folder / "svg"
        self.page("--compare", self.compare, "--sweep", self.sweep, "--platform", *self.platform,
                  "--svg", folder)
        self.assertEqual(sorted(path.name for path in folder.iterdir()),
                         sorted(f"{name}.svg" for name in CHARTS + PLATFORM_CHARTS))
        for path in folder.iterdir():
            marks = [element for element in xml.parse(path).iter("{http://www.w3.org/2000/svg}path")
                     if element.get("role") == "graphics-symbol"]
            self.assertTrue(marks, path)


class BadInputTest(ReportTest):
    def test_a_file_that_is_no_result(self):
        self.assertIn("compare", self.refused("--compare", "README.md"))
        self.assertIn("none.json", self.refused("--compare", "none.json"))
        self.assertIn("cfcsim.compare/1", self.refused("--compare", self.sweep))

    def test_a_result_with_a_part_missing(self):
        for part in ("schedules", "network", "equal_bandwidth"):
            broken = self.changed(self.compare, lambda contents, part=part: contents.pop(part))
            self.assertIn("changed.json", self.refused("--compare", broken))

    def test_a_result_with_a_part_of_another_shape(self):
        def run_of(contents):
            return contents["schedules"]["dense"]
        changes = {
            "schedules.dense should be there": lambda contents: contents.update(schedules={}),
            "schedules.dense.layers should be a list": lambda contents: run_of(contents).update(layers=7),
            "schedules.dense.layers[0].operations should be a number":
                lambda contents: run_of(contents)["layers"][0].update(operations="many"),
            "layers or metrics of dense": lambda contents: run_of(contents).update(layers=[]),
            "schedules.dense.mismatches should be an object":
                lambda contents: run_of(contents).update(mismatches=7),
            "equal_bandwidth should be an object": lambda contents: contents.update(equal_bandwidth=None),
            "technology.period_error should be an object":
                lambda contents: contents["technology"].update(period_error=1),
            "schedules.dense.silicon.period_ns should be a number":
                lambda contents: run_of(contents)["silicon"].update(period_ns="short"),
            "network.metadata should be an object":
                lambda contents: contents["network"].update(metadata=[]),
        }
        for message, change in changes.items():
            self.assertIn(message, self.refused("--compare", self.changed(self.compare, change)))
        for message, change in {
            "points should be a list": lambda contents: contents.update(points={}),
            "points[0].configuration should be an object":
                lambda contents: contents["points"][0].update(configuration=1),
            "points[0].speed should be there": lambda contents: contents["pareto"]["metrics"].append("speed"),
        }.items():
            broken = self.changed(self.sweep, change)
            self.assertIn(message, self.refused("--compare", self.compare, "--sweep", broken))
        broken = self.changed(self.platform[0], lambda contents: contents.update(runs=[1]))
        self.assertIn("runs[0] should be an object",
                      self.refused("--compare", self.compare, "--platform", broken))

    def test_kind_21_a_file_nested_deeper_than_any_result(self):
        deep = self.folder / "deep.json"
        deep.write_text("[" * 80_000 + "]" * 80_000)
        self.assertIn("nested deeper than 64 levels", self.refused("--compare", deep))
        deep.write_text('{"a":' * 80_000 + "1" + "}" * 80_000)
        self.assertIn("nested deeper than 64 levels", self.refused("--compare", deep))

    def test_a_renderer_that_fails(self):
        vega = self.folder / "no_modules"
        for name in ("vega", "vega-lite", "vega-embed"):
            library = vega / name / "build" / f"{name}.min.js"
            library.parent.mkdir(parents=True)
            library.touch()
        svg = self.folder / "no_svg"
        self.assertIn("node failed: Cannot find module",
                      self.refused("--compare", self.compare, "--svg", svg, CFCSIM_VEGA=str(vega)))
        self.assertEqual(list(svg.iterdir()), [])

    def test_a_sweep_without_its_front(self):
        broken = self.changed(self.sweep, lambda contents: contents.pop("pareto"))
        self.assertIn("--pareto", self.refused("--compare", self.compare, "--sweep", broken))

    def test_a_platform_result_without_runs(self):
        broken = self.changed(self.platform[0], lambda contents: contents.pop("runs"))
        self.assertIn("holds no run", self.refused("--compare", self.compare, "--platform", broken))
        for experiment in ("tomorrow", 5):
            broken = self.changed(self.platform[0], lambda contents, name=experiment: contents.update(experiment=name))
            self.assertIn("changed.json", self.refused("--compare", self.compare, "--platform", broken))
        self.assertIn("cfcsim.platform/1", self.refused("--compare", self.compare, "--platform", self.sweep))

    def test_missing_vega(self):
        self.assertIn("scripts/install-vega",
                      self.refused("--compare", self.compare, CFCSIM_VEGA="/nowhere"))

    def test_unwritable_folder(self):
        self.assertIn("README.md", self.refused("--compare", self.compare, "--svg", "README.md"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
