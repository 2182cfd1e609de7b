#!/usr/bin/env python3
"""Writes the figures of docs/how-to/platform.md into the page, from runs of the page's own commands.

    platform_figures.py [--check]

With --check nothing is written, and only the short ones are compared. What lies between a line
`<!-- figures NAME -->` and the next `<!-- end -->` belongs to this script. Called by
scripts/platform-figures.
"""

import json
import pathlib
import shlex
import subprocess
import sys

PAGE = pathlib.Path("docs/how-to/platform.md")


def lines_with(page, option):
    """The page's commands that have an option, in order."""
    return [line for line in page.splitlines()
            if line.startswith("cfcsim platform ") and option in line]


def runs_of(command, *more):
    """The runs of a command, by name. What is given later holds."""
    words = shlex.split(command)
    if "--json" in words:
        del words[words.index("--json") : words.index("--json") + 2]
    for option, value in zip(more[::2], more[1::2]):
        words[words.index(option) + 1] = value
    result = subprocess.run([*words, "--json", "-"], check=True, stdout=subprocess.PIPE)
    return {run["name"]: run for run in json.loads(result.stdout)["runs"]}


def table(head, rows):
    first, *others = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return "\n".join([first, "|" + "---|" * len(head), *others])


def moved(run):
    return run["memory"]["read_bytes_per_image"] + run["memory"]["written_bytes_per_image"]


def energy(run):
    return sum(run["energy_per_image_pj"].values()) / 1000


def cycles(run):
    return run["cycles_per_image"]


def rate(run):
    return run["throughput_images_per_second"]


def p99(run):
    return f"{run['latency']['p99_ns'] / 1000:.1f}"


def placement(page):
    runs = runs_of(lines_with(page, "--experiment placement")[0])
    batches = [f"DRAM per batch {batch}" for batch in (1, 4, 16, 64)]
    every = ["on chip", "DRAM per image", *batches]
    some = [place for place in every if place != batches[0]]
    # Name in the table, and of the runs.
    rows = {"dense": "dense", "sequential": "sequential",
            "sequential, z unfused": "sequential unfused", "streaming": "streaming"}

    def figures(title, places, value, form, rows):
        head = [title, *(place.replace("DRAM per batch", "batch") for place in places)]
        return table(head, [[row, *(f"{value(runs[f'{name}, {place}']):{form}}" for place in places)]
                            for row, name in rows.items()])

    for place in some:
        assert moved(runs[f"sequential, {place}"]) == moved(runs[f"streaming, {place}"])
    both = {"dense": "dense", "sequential, streaming": "sequential",
            "sequential, z unfused": "sequential unfused"}

    def advantage(place):
        return cycles(runs[f"sequential, {place}"]) / cycles(runs[f"streaming, {place}"])

    spilling = cycles(runs["sequential unfused, on chip"]) - cycles(runs["sequential, on chip"])
    return "\n\n".join([
        figures("cycles an image", every, cycles, ".1f", rows),
        figures("bytes to and from DRAM an image", some, moved, ".0f", both),
        figures("energy an image, nJ", some, energy, ".0f", rows),
        f"""With the weights on chip streaming is {advantage("on chip"):.2f} times as fast as \
sequential. At batch 64 it is {advantage(batches[3]):.2f}, at 16
{advantage(batches[2]):.2f}, at 4 {advantage(batches[1]):.2f}, and **with weights from DRAM for \
every image {advantage("DRAM per image"):.2f}: the schedule's advantage has
vanished**, both wait for the same 32 KB. What remains is compression itself, dense over factorised.
Spilling z costs {spilling:.0f} cycles an image where compute decides, and next to nothing where \
memory does.""",
    ])


def load(page):
    command = lines_with(page, "--experiment load")[0]
    machines = {f"{count}, {name}": (count, runs)
                for name, runs in (("weights on chip", runs_of(command, "--weights", "on_chip")),
                                   ("DRAM per batch", runs_of(command)))
                for count in (1, 2)}
    loads = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95)

    def full(machine, batch):
        count, runs = machines[machine]
        return runs[f"{count} x, batch {batch}, back to back"]

    def under_load(machine):
        count, runs = machines[machine]
        return [p99(runs[f"{count} x, batch 4, load {share:.2f}"]) for share in loads]

    one, two = full("1, DRAM per batch", 4), full("2, DRAM per batch", 4)
    head = ["p99, us", "back to back, images/s", *(f"{share:g}" for share in loads)]
    return "\n\n".join([
        table(head, [[machine, f"{rate(full(machine, 4)):,.0f}", *under_load(machine)]
                     for machine in machines]),
        f"""On chip a second accelerator doubles the throughput; with weights from one shared DRAM it \
is {rate(two) / rate(one):.2f}
times as much, and then the DRAM is in use {100 * two["memory"]["utilisation"]:.0f} % of the time.""",
        "Larger jobs buy throughput with latency. Back to back, images/s (p99 of a job's own time, us):",
        table(["jobs of", "1", "4", "16"],
              [[machine, *(f"{rate(full(machine, batch)):,.0f} ({p99(full(machine, batch))})"
                           for batch in (1, 4, 16))] for machine in machines]),
    ])


def parallel(page):
    runs = runs_of(lines_with(page, "--experiment parallel")[0])
    columns = ["1 x", *(f"{count} x {what} shared" for count in (2, 3) for what in ("images", "layers"))]
    head = ["images/s", *(column.replace(" x", "") for column in columns)]

    def row(name, where, value):
        return [name, *(value(runs[f"{column}, {where}"]) for column in columns)]

    def images(run):
        return f"{rate(run):,.0f}"

    return table(head, [row("weights on chip", "on chip", images),
                        row("DRAM per batch of 16", "DRAM per batch", images),
                        row("p99, us, weights on chip", "on chip", p99)])


def styles(page):
    commands = lines_with(page, "--images 9000")
    times = {runs_of(command)["run"]["elapsed_ns"] for command in commands}
    assert len(commands) == 2 and len(times) == 1
    return f"9,000 images, every logit right, {times.pop():,.0f} ns in both styles."


SHORT = {"placement": placement, "parallel": parallel, "styles": styles}
LONG = {"load": load}


def replaced(page, name, figures):
    before, mark, rest = page.partition(f"<!-- figures {name} -->\n")
    _, end, after = rest.partition("\n<!-- end -->\n")
    assert mark and end, f"{PAGE}: no place for the figures {name}"
    return before + mark + figures + end + after


def main():
    check = sys.argv[1:] == ["--check"]
    page = now = PAGE.read_text(encoding="utf-8")
    for name, measure in (SHORT if check else {**SHORT, **LONG}).items():
        now = replaced(now, name, measure(page))
    if not check:
        PAGE.write_text(now, encoding="utf-8")
        return 0
    wrong = [f"  {line}" for line in now.splitlines() if line not in page.splitlines()]
    if wrong:
        print(f"{PAGE} is not what the platform does now; run scripts/platform-figures. Now:",
              *wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
