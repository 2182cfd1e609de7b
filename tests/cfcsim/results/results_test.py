#!/usr/bin/env python3
"""Results are what they were: commands of `cfcsim` against what stored/ says that they put out.

Usage: results_test.py CFCSIM DATA [TEST...]
       results_test.py CFCSIM DATA --store    writes stored/ again, where a result is meant to change

A stored file holds what a command wrote as JSON, what it printed, and digests of tables that it
wrote. Of a long list it holds the first item and a digest of all. What must vary is left out: the
version, times and speeds.
"""

import copy
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from commands import COMMANDS, GRID

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
STORED = HERE / "stored"
CFCSIM, DATA = (os.path.abspath(argument) for argument in sys.argv[1:3])

VARYING_KEYS = {"version", "speed", "seconds", "points_per_second", "cycles_per_second", "rtl_cycles_per_second"}
VARYING_LINES = re.compile(r"a second|images/s simulated| s in all")
LONGEST_LIST = 7
LONGEST_TEXT = 60
LINE = 160


def digest(data):
    return hashlib.sha256(data).hexdigest()


def compact(value):
    return json.dumps(value, sort_keys=True)


def folded(part):
    return digest(compact(part).encode())


def steady(value):
    """A value without what must vary, and with long lists folded."""
    if isinstance(value, dict):
        return {key: steady(part) for key, part in value.items() if key not in VARYING_KEYS}
    if not isinstance(value, list):
        return value
    items = [steady(item) for item in value]
    if len(items) <= LONGEST_LIST:
        return items
    return {"items": len(items), "sha256": folded(items), "first": items[0]}


def with_short_runs(document):
    """A result of several runs, which are many and nearly alike: what they nest is a digest."""
    for key, runs in document.items():
        if key == "equal_bandwidth":
            with_short_runs(runs)
        for run in runs.values() if key == "schedules" else runs if key == "runs" else []:
            run["config"] = folded(run["config"])
            run["scorecard"] = {metric["metric"]: folded(metric) for metric in run.get("scorecard", [])}
            for layer in run.get("layers", []):
                layer.update({name: folded(part) for name, part in layer.items() if isinstance(part, dict)})
    return document


def texts(out):
    """The tables that a command wrote beside its JSON."""
    return {path.name: digest(path.read_bytes())
            for path in sorted(out.iterdir()) if path.suffix in (".csv", ".txt", ".stl")}


def run(arguments):
    return subprocess.run([CFCSIM, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def result_of(command):
    """What a command comes to, as it is stored."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        out.mkdir()
        arguments = command.format(out=out, models="golden/models").split()
        data = [] if arguments[0] == "sweep" else ["--data", DATA]
        file = pathlib.Path(folder) / "result.json"
        done = run([*arguments, *data, "--json", str(file)])
        if not file.exists():
            raise AssertionError(f"cfcsim {command}: {done.stderr}")
        printed = done.stdout.replace(str(out), "{out}").splitlines()
        text = [line for line in printed if not VARYING_LINES.search(line)]
        return {
            "command": command,
            "status": done.returncode,
            "json": steady(with_short_runs(json.loads(file.read_text()))),
            "text": text if len(text) <= LONGEST_TEXT else folded(text),
            "files": texts(out),
        }


def pretty(value, indent=""):
    """JSON with each part that fits in a line on one, so that a change shows as few lines."""
    line = compact(value)
    if not isinstance(value, (dict, list)) or len(indent + line) <= LINE:
        return line
    deeper = indent + " "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {pretty(part, deeper)}" for key, part in sorted(value.items())]
    else:
        parts = [pretty(part, deeper) for part in value]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return begin + "\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}{end}"


def differences(stored, found, path=""):
    """The fields in which two values differ, each as a line."""
    if type(stored) is type(found) and isinstance(stored, dict):
        lines = []
        for key in sorted(stored.keys() | found.keys()):
            lines += differences(stored.get(key, "nothing"), found.get(key, "nothing"), f"{path}.{key}")
        return lines
    if isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        return [line for i, parts in enumerate(zip(stored, found)) for line in differences(*parts, f"{path}[{i}]")]
    same = type(stored) is type(found) and stored == found
    return [] if same else [f"{path}: stored {compact(stored)}, found {compact(found)}"]


def read(name):
    return json.loads((STORED / f"{name}.json").read_text())


def report_data():
    """What a report page holds of a comparison, a sweep and a platform."""
    with tempfile.TemporaryDirectory() as out:
        parts = {name: f"{out}/{name}.json" for name in ("compare", "sweep", "platform")}
        run(["compare", "--images", "2", "--data", DATA, "--json", parts["compare"]])
        run(["sweep", *GRID.format(out=out).split(), "--json", parts["sweep"]])
        run(["platform", "--images", "4", "--data", DATA, "--json", parts["platform"]])
        options = [word for name, file in parts.items() for word in (f"--{name}", file)]
        done = run(["report", *options, "-o", f"{out}/page.html"])
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        page = pathlib.Path(out, "page.html").read_text()
    data = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL).group(1)
    report = json.loads(data)
    return {name: folded(steady(report[name])) for name in parts}


class ResultsTest(unittest.TestCase):
    maxDiff = None

    def test_every_result_is_the_stored_one(self):
        for name, command in COMMANDS.items():
            with self.subTest(name):
                self.assertEqual(differences(read(name), result_of(command)), [])

    def test_a_report_holds_the_stored_results(self):
        self.assertEqual(differences(read("report"), report_data()), [])

    def test_no_stored_file_is_left_over(self):
        self.assertEqual({path.stem for path in STORED.iterdir()}, {*COMMANDS, "report"})


class ChangesAreNoticedTest(unittest.TestCase):
    def test_each_changed_field_is_named(self):
        stored = read("verify")
        layer = stored["json"]["layers"][0]
        for key in layer:
            changed = copy.deepcopy(stored)
            changed["json"]["layers"][0][key] = "another"
            self.assertEqual([line.split(":")[0] for line in differences(stored, changed)],
                             [f".json.layers[0].{key}"])
            del changed["json"]["layers"][0][key]
            self.assertIn("found \"nothing\"", differences(stored, changed)[0])

    def test_a_number_is_not_its_float_and_a_list_not_its_beginning(self):
        self.assertEqual(len(differences({"a": 1}, {"a": 1.0})), 1)
        self.assertEqual(len(differences([1, 2], [1])), 1)

    def test_a_change_deep_in_a_folded_list_is_noticed(self):
        points = [{"cycles": i} for i in range(LONGEST_LIST + 1)]
        changed = copy.deepcopy(points)
        changed[-1]["cycles"] += 1
        self.assertEqual([line.split(":")[0] for line in differences(steady(points), steady(changed))],
                         [".sha256"])

    def test_another_machine_has_another_result(self):
        found = differences(read("verify"), result_of(COMMANDS["verify"] + " --set layers.1.lanes_u=392"))
        self.assertIn(".json.layers[0].compute_cycles: stored 31, found 61", found)


def store():
    STORED.mkdir(exist_ok=True)
    for path in STORED.iterdir():
        path.unlink()
    for name, command in COMMANDS.items():
        (STORED / f"{name}.json").write_text(pretty(result_of(command)) + "\n")
    (STORED / "report.json").write_text(pretty(report_data()) + "\n")


if __name__ == "__main__":
    if sys.argv[3:] == ["--store"]:
        store()
    else:
        unittest.main(argv=sys.argv[:1] + sys.argv[3:])
