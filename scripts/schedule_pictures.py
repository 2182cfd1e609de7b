#!/usr/bin/env python3
"""Draws the schedules of a small layer from traces: WaveJSON, one file a picture.

    schedule_pictures.py BIN FOLDER

BIN holds the programs cfcsim and small_layer. Called by scripts/schedule-pictures.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

from waves import Waves

STATES = {
    "l_scm": ["Idle", "Load", "Run", "Send"],
    "dcl": ["Idle", "Compute", "Multiply", "Accumulate"],
    "dil": ["Idle", "Run", "Wait"],
}
# WaveDrom's kinds of box.
COLOURS = {"Load": "3", "Run": "5", "Send": "4", "Compute": "5", "Multiply": "3",
           "Accumulate": "4", "Wait": "9"}
FLOATING, CONTINUED, DATUM, WHITE = "z", ".", "6", "="
# Network and settings of each.
SCHEDULES = {
    "dense": ["dense.onnx"],
    "sequential": ["factorised.onnx", "schedule=sequential"],
    "streaming": ["factorised.onnx"],
}


def colour_of_state(beginning):
    return next(colour for state, colour in COLOURS.items() if state.startswith(beginning))


class Tracer:
    """Traces one image through the small layer."""

    def __init__(self, programs, folder):
        self.cfcsim = programs / "cfcsim"
        self.folder = folder
        subprocess.run([programs / "small_layer", folder], check=True)

    def trace(self, network, *settings):
        options = [word for setting in settings for word in ("--set", f"defaults.{setting}")]
        subprocess.run(
            [self.cfcsim, "trace", "--network", self.folder / network, "--data", self.folder,
             "--split", "test", "-o", self.folder, *options],
            check=True, stdout=subprocess.DEVNULL,
        )
        return Picture(Waves(self.folder / "trace.vcd"))


class Picture:
    """Lanes of WaveJSON from one trace."""

    def __init__(self, waves):
        self.waves = waves
        self.times = [time for _, time in waves.cycles()]

    def numbers(self, name, signed=False):
        """Of the signal `name` in the layer, or in its engine, whatever the schedule."""
        path = next(path for path in self.waves.bits
                    if re.fullmatch(rf"model\.layer_1\.(\w+\.engine\.)?{re.escape(name)}", path))
        return self.waves.numbers(path, self.times, signed)

    def lane(self, title, texts, colour_of):
        """A box for each stretch of equal texts; None floats."""
        wave, data, before = "", [], object()
        for text in texts:
            if text == before:
                wave += CONTINUED
            else:
                wave += FLOATING if text is None else colour_of(text)
                data += [] if text is None else [text]
            before = text
        return {"name": title, "wave": wave, "data": data}

    def bits(self, title, name):
        wave, before = "", None
        for value in self.numbers(name):
            wave += CONTINUED if value == before else str(value)
            before = value
        return {"name": title, "wave": wave}

    def states(self, title, name, kind, letters=None):
        """The first `letters` letters of each state; Idle floats."""
        names = [STATES[kind][code] for code in self.numbers(name)]
        shown = [None if name == "Idle" else name[:letters] for name in names]
        return self.lane(title, shown, colour_of_state)

    def data(self, title, name, signed=False, colour=DATUM):
        texts = [None if value is None else str(value) for value in self.numbers(name, signed)]
        return self.lane(title, texts, lambda _: colour)

    def operations(self, title, name, text="{}", colour=DATUM):
        """A box an operation."""
        texts = [None if k is None else text.format(k) for k in self.numbers(name)]
        return self.lane(title, texts, lambda _: colour)

    def cycles(self):
        return self.lane("cycle", [str(c) for c in range(len(self.times))], lambda _: WHITE)


def engine_lanes(picture, schedule):
    if schedule == "dense":
        return [picture.operations("DCL (W) makes", "dcl.dcl_scm.w_k", "y{}", "7")]
    if schedule == "sequential":
        return [
            picture.operations("DCL (U) makes", "dcl_u.dcl_scm.w_k", "z{}"),
            picture.operations("DCL (V) makes", "dcl_v.dcl_scm.w_k", "y{}", "7"),
        ]
    return [
        picture.operations("DCL (U) makes", "dcl.dcl_scm.w_k", "z{}"),
        picture.operations("DIL adds", "dil.dil_scm.w_k", "zV{}", "7"),
    ]


def schedules(tracer):
    """The three schedules, one under the other, on one time axis."""
    pictures = {name: tracer.trace(*SCHEDULES[name]) for name in SCHEDULES}
    longest = max(pictures.values(), key=lambda picture: len(picture.times))
    lanes = [longest.cycles()]
    for name, picture in pictures.items():
        group = [picture.states("L-SCM", "l_scm.r_state", "l_scm")]
        group += engine_lanes(picture, name)
        group += [picture.bits("output link valid", "o_valid")]
        lanes += [{}, [name, *group]]
    return {
        "head": {"text": "12 x 8, rank 4: dense n = 8, sequential r + n = 12, "
                         "streaming r + 1 = 5 cycles of Run"},
        "signal": lanes,
        "config": {"hscale": 1},
    }


def streaming_lanes(picture, letters=None):
    return [
        picture.states("DCL-SCM", "dcl.dcl_scm.r_state", "dcl", letters),
        picture.operations("U: k", "dcl.dcl_scm.w_k"),
        picture.data("U: tile", "dcl.dcl_scm.w_tile", colour=WHITE),
        picture.bits("z valid", "w_z_valid"),
        picture.bits("z ready", "w_z_ready"),
        picture.states("DIL-SCM", "dil.dil_scm.r_state", "dil"),
        picture.operations("V: k", "dil.dil_scm.w_k", colour="7"),
        picture.data("V: tile", "dil.dil_scm.w_tile", colour=WHITE),
    ]


def issue(tracer):
    """Overlapped and stepped issue of a streaming layer with two tiles an operation."""
    lanes = "lanes_u=6"
    overlapped = tracer.trace("factorised.onnx", lanes, "lanes_v=4")
    stepped = tracer.trace("factorised.onnx", lanes, "lanes_v=4", "issue=stepped")
    return {
        "head": {"text": "streaming, two tiles an operation; stepped: Compute, Multiply, Accumulate tile "
                         "by tile"},
        "signal": [
            stepped.cycles(), {},
            ["overlapped", *streaming_lanes(overlapped)], {},
            ["stepped", *streaming_lanes(stepped, 1)],
        ],
        "config": {"hscale": 1},
    }


def stall(tracer):
    """DIL slower than DCL: DCL stands still until DIL may load the next z."""
    picture = tracer.trace("factorised.onnx", "lanes_v=3")
    lanes = streaming_lanes(picture)
    lanes.insert(5, picture.data("z", "w_z", signed=True))
    lanes.append(picture.data("V: operand", "dil.v_mc.i_node", signed=True, colour="6"))
    return {
        "head": {"text": "streaming, V-MC with 3 lanes: the operand changes only with z ready"},
        "signal": [picture.cycles(), {}, *lanes],
        "config": {"hscale": 1},
    }


def main():
    programs, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as scratch:
        tracer = Tracer(programs, pathlib.Path(scratch))
        for draw in (schedules, issue, stall):
            text = json.dumps(draw(tracer), indent=1, ensure_ascii=False)
            (folder / f"{draw.__name__}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
