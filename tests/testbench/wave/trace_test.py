#!/usr/bin/env python3
"""Tests of `cfcsim trace` and scripts/compare-waves. Usage: trace_test.py CFCSIM DATA [TEST...]"""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))
sys.dont_write_bytecode = True

from derived import differences  # noqa: E402
from waves import Waves  # noqa: E402

CFCSIM, DATA = sys.argv[1:3]
CONFIGURATIONS = {
    "default": [],
    "pipelined": ["--config", "testbench/configs/pipelined.yaml"],
    "stepped": ["--config", "testbench/configs/stepped.yaml", "--set", "defaults.lanes_u=99"],
    "narrow": ["--config", "testbench/configs/narrow.yaml", "--set", "defaults.multiply_latency=1"],
    "slow_dil": ["--set", "defaults.lanes_v=3", "--set", "defaults.multiply_latency=2"],
    "sequential": ["--set", "defaults.schedule=sequential", "--set", "defaults.lanes_u=50",
                   "--set", "defaults.lanes_v=7", "--set", "defaults.adder_latency=2"],
    "dense": ["--network", "golden/models/mnist-784-50-100-10.onnx", "--set", "defaults.lanes_u=33"],
}
# Small enough to compile in seconds.
RTL_CONFIGURATIONS = {
    name: [*CONFIGURATIONS[name], "--set", "defaults.lanes_u=13", "--set", "defaults.lanes_v=7"]
    for name in ("stepped", "pipelined", "sequential")
}


def run(*arguments, **environment):
    return subprocess.run(
        [str(argument) for argument in arguments], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "CFCSIM_RTL_CXXFLAGS": "-O0", **environment}, check=False,
    )


class TraceTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name) / "waves"
        self.wave = self.folder / "trace.vcd"

    def trace(self, *options):
        result = run(CFCSIM, "trace", "--data", DATA, "-o", self.folder, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return Waves(self.wave)

    def refused(self, *options, **environment):
        """The message of bad input, which leaves no file behind."""
        return self.refused_by([], *options, **environment)

    def refused_by(self, wrapper, *options, **environment):
        result = run(*wrapper, CFCSIM, "trace", "--data", DATA, "-o", self.folder, *options,
                     **environment)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertEqual(list(self.folder.rglob("*")) if self.folder.is_dir() else [], [])
        return result.stderr

    def verified(self, *options):
        result = run(CFCSIM, "verify", "--data", DATA, "--images", 3, "--json", "-", *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def compare(self, *waves):
        return run(ROOT / "scripts/compare-waves", *waves)


class DerivedTest(TraceTest):
    """Cycles, ledgers and accesses derived from the wave are those that `verify` reports."""

    def test_every_configuration(self):
        for name, options in CONFIGURATIONS.items():
            with self.subTest(name):
                waves = self.trace("--images", 3, *options)
                self.assertEqual(differences(waves, self.verified(*options)), [])

    def test_a_tampered_wave_is_noticed(self):
        for configuration, names in (
            ("stepped", ["l_scm.r_state", "dcl.dcl_scm.r_state", "dcl.dcl_scm.w_issue"]),
            ("narrow", ["mcm.r_state", "w_z_ready", "dil.dil_scm.r_state", "dil.dil_scm.w_retire",
                        "dil.dil_scm.w_tile", "o_valid"]),
        ):
            options = CONFIGURATIONS[configuration]
            result = self.verified(*options)
            waves = self.trace("--images", 3, *options)
            for name in names:
                in_engine = name.startswith(("dcl", "dil", "w_z"))
                changes = waves.changes[
                    f"model.layer_1.{'streaming.engine.' if in_engine else ''}{name}"]
                original = changes[:]
                del changes[len(changes) // 2]
                self.assertNotEqual(differences(waves, result), [], name)
                changes[:] = original
            self.assertEqual(differences(waves, result), [])


class LanesTest(TraceTest):
    """With all lanes in the wave, the sums follow from them."""

    def test_sums_are_those_of_the_products(self):
        waves = self.trace("--scope", "layer_1", "--lanes", "0-783")
        times = [time for _, time in waves.cycles()]
        dcl = "model.layer_1.streaming.engine.dcl.u_mc."
        products = [waves.numbers(f"{dcl}w_mult_{lane}", times, True) for lane in range(784)]
        nodes = [waves.numbers(f"{dcl}i_node_{lane}", times) for lane in range(784)]
        weights = [waves.numbers(f"{dcl}i_wegt_{lane}", times, True) for lane in range(784)]
        operations = 0
        for cycle, result in enumerate(waves.numbers(dcl + "result", times, True)):
            if result is None:
                continue
            operations += 1
            self.assertEqual(result, sum(lane[cycle] for lane in products))
            for lane in range(784):
                self.assertEqual(products[lane][cycle], nodes[lane][cycle] * weights[lane][cycle])
        self.assertEqual(operations, 30)

    def test_running_sums_grow_by_the_products(self):
        waves = self.trace("--scope", "layer_1", "--lanes", "0-49")
        times = [time for _, time in waves.cycles()]
        dil = "model.layer_1.streaming.engine.dil.v_mc."
        z = waves.numbers("model.layer_1.streaming.engine.w_z", times, True)
        operands = waves.numbers(dil + "i_node", times, True)
        for lane in range(50):
            sums = waves.numbers(f"{dil}result_{lane}", times, True)
            products = waves.numbers(f"{dil}w_mult_{lane}", times, True)
            running = 0
            for cycle, product in enumerate(products):
                if product is None:
                    continue
                running += product
                self.assertEqual(sums[cycle], running)
                self.assertEqual(operands[cycle], z[cycle - 1])


class WindowTest(TraceTest):
    def numbers(self, waves):
        return [number for number, _ in waves.cycles()]

    def test_cycles(self):
        whole = self.trace()
        part = self.trace("--from", 5, "--to", 9)
        self.assertEqual(self.numbers(part), [5, 6, 7, 8, 9])
        times = [time for _, time in part.cycles()]
        for path in part.changes:
            self.assertEqual(part.samples(path, times), whole.samples(path, times), path)

    def test_operations(self):
        # timing.md, worked example: DCL makes z_k in cycle k + 2, DIL adds it in the next one.
        self.assertEqual(self.numbers(self.trace("--rank", 29)), [31, 32])
        self.assertEqual(self.numbers(self.trace("--layer", 1, "--rank", "0-3")), list(range(2, 7)))

    def test_operations_of_a_sequential_layer(self):
        waves = self.trace("--rank", "2-4", *CONFIGURATIONS["sequential"])
        times = [time for _, time in waves.cycles()]
        retired = waves.numbers("model.layer_1.sequential.engine.dcl_u.dcl_scm.w_retire", times)
        issued = waves.numbers("model.layer_1.sequential.engine.dcl_u.dcl_scm.w_k", times)
        self.assertEqual(issued[0], 2)
        self.assertEqual(retired[-1], 1)
        self.assertEqual(len(times), 3 * 16 + 2)  # 16 tiles an operation, adder latency 2

    def test_layer(self):
        waves = self.trace("--layer", 2)
        times = [time for _, time in waves.cycles()]
        self.assertNotIn(0, waves.numbers("model.layer_2.l_scm.r_state", times))
        self.assertEqual(len(times), 1 + 100 + 1)  # Load, n operations, the last beat

    def test_scope_and_depth(self):
        waves = self.trace("--scope", "layer_1.streaming.engine.dil", "--scope", "layer_3", "--depth", 2)
        scopes = {path.rsplit(".", 1)[0] for path in waves.changes}
        self.assertEqual(scopes, {"bench", "model.layer_3", "model.layer_3.l_scm",
                                  "model.layer_3.mcm"})


class FilesTest(TraceTest):
    def test_fst_holds_the_same(self):
        self.trace("--fst", "--images", 2)
        again = self.folder / "again.vcd"
        with open(again, "w", encoding="ascii") as out:
            subprocess.run(["fst2vcd", self.folder / "trace.fst"], stdout=out, check=True)
        result = self.compare(self.wave, again)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stdout, "^[1-9][0-9]* signals, [1-9]")

    def test_save_file_names_what_is_there(self):
        waves = self.trace("--fst", "--rank", "0-3")
        for line in (self.folder / "trace.gtkw").read_text().splitlines():
            if line.startswith("+{"):
                path, _, width = line.split("} ")[1].partition("[")
                bits = waves.bits[path]
                self.assertEqual(width, f"{bits - 1}:0]" if bits > 1 else "")
            elif line.startswith("^"):
                self.assertTrue(pathlib.Path(line.split(" ", 1)[1]).is_file(), line)
            elif line.startswith("[dumpfile]"):
                self.assertEqual(line.split('"')[1], str(self.folder / "trace.fst"))

    def test_filters_name_every_state(self):
        waves = self.trace()
        for path, changes in waves.changes.items():
            if path.endswith("r_state"):
                controller = path.split(".")[-2]
                text = (self.folder / f"states/{controller}.txt").read_text()
                known = {line.split()[0] for line in text.splitlines()}
                self.assertLessEqual({f"{int(value, 2):x}" for _, value in changes}, known)

    def test_the_same_twice(self):
        self.trace()
        first = self.wave.read_bytes()
        self.trace()
        self.assertEqual(first, self.wave.read_bytes())
        self.assertEqual([f for f in os.listdir(self.folder) if f.startswith(".")], [])


class RtlTest(TraceTest):
    def test_model_and_rtl_are_the_same(self):
        for name, options in RTL_CONFIGURATIONS.items():
            with self.subTest(name):
                self.trace("--rtl", "--lanes", "2-6", *options)
                result = self.compare(self.wave)
                self.assertEqual(result.returncode, 0, result.stdout)

    def test_a_tampered_wave_is_noticed(self):
        self.trace("--rtl", *RTL_CONFIGURATIONS["stepped"])
        lines = self.wave.read_text().splitlines(keepends=True)
        begin = next(i for i, line in enumerate(lines) if line.startswith("#")) + 1000
        seed = int(os.environ.get("CFCSIM_TEST_SEED", "1"))
        print("seed", seed)
        generator = random.Random(seed)
        flip = {"0": "1", "1": "0"}
        changes = [i for i in range(begin, len(lines)) if lines[i][0] in "b01"
                   and "z" not in lines[i].split()[0]]
        clock = next(line.split()[3] for line in lines if line.endswith(" i_clk $end\n"))
        cycle = next(line.split()[3] for line in lines if line.endswith(" cycle $end\n"))
        for _ in range(20):
            i = generator.choice(changes)
            line = lines[i]
            if line.split()[-1] in (cycle, "0" + clock, "1" + clock):
                continue
            digit = 1 if line[0] == "b" else 0
            tampered = line[:digit] + flip[line[digit]] + line[digit + 1 :]
            self.wave.write_text("".join([*lines[:i], tampered, *lines[i + 1 :]]))
            result = self.compare(self.wave)
            self.assertEqual(result.returncode, 1, f"line {i}: {line}")
            self.assertIn("cycle ", result.stdout)


class BadInputTest(TraceTest):
    def test_messages(self):
        for options, message in (
            (["--from", 5000], "--from 5000: nothing to see; the run ends with cycle 147"),
            (["--from", 9, "--to", 8], "ends before it begins"),
            (["--layer", 4], "--layer 4: the network has layers 1 to 3"),
            (["--layer", 0], "--layer 0: the network has layers 1 to 3"),
            (["--rank", 30], "layer 1 has rank 30; give operations from 0 to 29"),
            (["--rank", "5-3"], "--rank 5-3: the range is reversed; give 3-5"),
            (["--lanes", "9-7"], "--lanes 9-7: the range is reversed; give 7-9"),
            (["--from", -1], "--from -1: cycles count from 0"),
            (["--to", -1], "--to -1: cycles count from 0"),
            (["--rank", "x"], "--rank x: 'x' is not a whole number"),
            (["--rank", 0, "--layer", 2], "layer 2 is dense"),
            (["--scope", "layer_1.dol"], "layer_1.streaming.engine.dcl.u_mc"),
            (["--scope", "layer_1.streaming.engine.dcl", "--depth", 1], "leave no signal"),
            (["--lanes", "700-800"], "give lanes from 0 to 783"),
            (["--images", 0], "--images 0"),
        ):
            with self.subTest(options):
                self.assertIn(message, self.refused(*options))

    def test_missing_converter(self):
        message = self.refused("--fst", PATH="/nowhere")
        self.assertIn("vcd2fst cannot be run; install it (Debian: gtkwave)", message)

    def test_unwritable_folder(self):
        self.folder.write_text("a file")
        self.assertIn(str(self.folder), self.refused())

    def test_no_room(self):
        command = ["/bin/bash", "-c", 'ulimit -f 20; "$@"', "bash"]
        message = self.refused_by(command)
        self.assertIn(f"{self.folder}/trace.vcd: cannot be written (File too large)", message)
        self.assertNotIn(".partial", message)

    def test_compare_waves(self):
        self.trace("--to", 3)
        self.assertEqual(self.compare(self.wave).returncode, 2)
        self.assertEqual(self.compare(self.folder / "none.vcd").returncode, 2)
        broken = self.folder / "broken.vcd"
        broken.write_text(self.wave.read_text() + "b10 nobody\n")
        result = self.compare(broken, self.wave)
        self.assertEqual(result.returncode, 2)
        self.assertIn("broken.vcd:", result.stderr)
        text = self.wave.read_text()
        broken.write_text(text[: text.index("$enddefinitions")])
        result = self.compare(self.wave, broken)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("broken.vcd: ends inside its header", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
