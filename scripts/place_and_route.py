"""Places and routes exported RTL on an iCE40 HX8K and reads what it takes and its clock.

    place_and_route.py RTL --work FOLDER [--layer K] [--json FILE] [--seed N]

RTL is a folder that `cfcsim export rtl` wrote. Yosys maps it flat, nextpnr places and routes it, with wires
and block RAMs, which scripts/standard_cells.py knows nothing of. A layer has more ports than the chip has
pins, so a wrapper shifts them in and out through registers, one for each bit; a path begins and ends in
registers, and from one register of the wrapper to the next there is no logic to speak of, so the longest path
is the design's. The pins themselves belong to no clock.
"""

import json
import re

import standard_cells
from standard_cells import FlowError, parameter

DEVICE = "iCE40 HX8K"
LOGIC_CELLS = 7680
BLOCK_RAMS = 32

# More than any of these designs reaches: nextpnr works on what misses its target.
TARGET_MHZ = 100
SEED = 1


def select_top(top, work):
    """Reads the design that `top` stands for: its ports, and the modules that tell its size."""
    standard_cells.yosys(f"""read_rtlil {work / 'elaborated.il'}
hierarchy -top {top}
rename -top design
json -o {work / 'top.json'} *_matrix_calculator *register_file design
""", work, "top")
    return json.loads((work / "top.json").read_text(encoding="utf-8"))["modules"]


def ports_of(module):
    """Bits of every port but the clock, by direction."""
    ports = {"input": {}, "output": {}}
    for name, port in module["ports"].items():
        if name != "i_clk":
            ports[port["direction"]][name] = len(port["bits"])
    return ports


def wrapper(ports):
    """Verilog of the wrapper. Every output takes part in what leaves it, so none is synthesised away."""
    inputs, outputs = ports["input"], ports["output"]
    registers = "\n".join(f"  reg [{bits - 1}:0] {name};" for name, bits in {**inputs, **outputs}.items())
    wires = "\n".join(f"  wire [{bits - 1}:0] w_{name};" for name, bits in outputs.items())
    connections = ", ".join([f".{name}({name})" for name in inputs] + [f".{name}(w_{name})" for name in outputs])
    first = next(iter(outputs))
    return f"""module wrapper (input wire i_clk, input wire i_bit, output wire o_bit);
{registers}
{wires}
  design design (.i_clk(i_clk), {connections});
  assign o_bit = {first}[{outputs[first] - 1}];
  always @(posedge i_clk) begin
    {{{', '.join(inputs)}}} <= {{{', '.join(inputs)}, i_bit}};
    {{{', '.join(outputs)}}} <= {{{', '.join(outputs)}, 1'b0}} ^ {{{', '.join('w_' + name for name in outputs)}}};
  end
endmodule
"""


def bits_of(ports):
    return sum(sum(names.values()) for names in ports.values())


def least_cells(modules, ports):
    """Logic cells that a design takes at least: those of its multipliers and adders, and its registers."""
    cells = bits_of(ports)
    for name, module in modules.items():
        values = {key: parameter(value) for key, value in module.get("parameter_default_values", {}).items()}
        if name.endswith("_matrix_calculator"):
            cells += 2 * values["Lanes"] * values["NodeBits"] * values["WegtBits"]
        elif name.endswith("register_file"):
            cells += values["Elements"] * values["ElementBits"]
    return cells


def does_not_fit(size):
    return FlowError(f"an {DEVICE} has {LOGIC_CELLS:,} logic cells and {BLOCK_RAMS} block RAMs; this takes {size}: "
                     "one layer (--layer), a smaller one, fewer lanes or narrower links may fit")


def check_size(modules, ports):
    """Refuses at once what would be synthesised for minutes or hours and not fit."""
    cells = least_cells(modules, ports)
    if cells > LOGIC_CELLS:
        raise does_not_fit(f"at least {cells:,} logic cells")


def synthesise(top, ports, work):
    """Gives the cells of the wrapped design, with the names of the RTL."""
    (work / "wrapper.v").write_text(wrapper(ports), encoding="utf-8")
    standard_cells.yosys(f"""read_rtlil {work / 'elaborated.il'}
hierarchy -top {top}
rename -top design
read_verilog {work / 'wrapper.v'}
synth_ice40 -device hx -top wrapper -json {work / 'mapped.json'}
""", work, "synth_ice40")
    return json.loads((work / "mapped.json").read_text(encoding="utf-8"))["modules"]["wrapper"]


def route(work, seed):
    """Places and routes; gives nextpnr's report."""
    (work / "nextpnr.log").unlink(missing_ok=True)
    try:
        standard_cells.run(
            ["nextpnr-ice40", "--hx8k", "--package", "ct256", "--pcf-allow-unconstrained", "--seed", str(seed),
             "--freq", str(TARGET_MHZ), "--timing-allow-fail", "--json", str(work / "mapped.json"),
             "--report", str(work / "report.json"), "--quiet", "--log", str(work / "nextpnr.log")],
            work / "nextpnr.out")
    except FlowError as error:
        size = size_of(work / "nextpnr.log")
        if size:
            raise does_not_fit(size) from error
        raise
    return json.loads((work / "report.json").read_text(encoding="utf-8"))


def size_of(log):
    """What the design takes, where nextpnr came as far as to say it."""
    if not log.exists():
        return None
    used = dict(re.findall(r"(ICESTORM_LC|ICESTORM_RAM):\s*(\d+)/", log.read_text(encoding="utf-8")))
    if len(used) < 2:
        return None
    cells, rams = int(used["ICESTORM_LC"]), int(used["ICESTORM_RAM"])
    size = f"{cells:,} logic cells and {rams} block RAMs"
    if cells <= LOGIC_CELLS and rams <= BLOCK_RAMS:
        size += f", {100 * cells // LOGIC_CELLS} % of the cells, more than nextpnr finds places and wires for"
    return size


def register_names(module):
    """What the RTL calls each bit: a register before a wire, then the shortest."""
    names = {}
    for name, net in module["netnames"].items():
        rank = (not re.search(r"(^|\.)r_\w+(\[\d+\])*$", name), len(name))
        for index, bit in enumerate(net["bits"]):
            if not net.get("hide_name") and (bit not in names or rank < names[bit][0]):
                names[bit] = (rank, f"{name}[{index}]" if len(net["bits"]) > 1 else name)
    return {bit: name for bit, (_, name) in names.items()}


def names_of_ends(module):
    """What the RTL calls where paths begin and end, by the name of nextpnr's cell: a logic cell holds a
    flip-flop, alone or behind the table that drives it."""
    names = register_names(module)
    ends = {f"{name}_RAM": name for name, cell in module["cells"].items() if cell["type"] == "SB_RAM40_4K"}
    tables = {cell["connections"]["O"][0]: name for name, cell in module["cells"].items()
              if cell["type"] == "SB_LUT4"}
    for name, cell in module["cells"].items():
        if not cell["type"].startswith("SB_DFF"):
            continue
        register = names.get(cell["connections"]["Q"][0], name)
        ends[f"{name}_DFFLC"] = register
        if cell["connections"]["D"][0] in tables:
            ends[f"{tables[cell['connections']['D'][0]]}_LC"] = register
    return ends


def longest_path(report, module):
    """Between registers: the report has those from and to pins too."""
    ends = names_of_ends(module)
    steps = next(path["path"] for path in report["critical_paths"]
                 if path["from"].startswith("posedge") and path["to"].startswith("posedge"))
    wires = [step for step in steps if step["type"] == "routing"]
    start, end = wires[0]["from"]["cell"], wires[-1]["to"]["cell"]
    return {"from": ends.get(start, start).removeprefix("design."), "to": ends.get(end, end).removeprefix("design."),
            "ns": round(sum(step["delay"] for step in steps), 3)}


def place_and_route(rtl, layer, work, seed=SEED):
    work.mkdir(parents=True, exist_ok=True)
    top = standard_cells.top_module(standard_cells.elaborate(rtl, work), layer)
    modules = select_top(top, work)
    ports = ports_of(modules["design"])
    check_size(modules, ports)
    module = synthesise(top, ports, work)
    report = route(work, seed)
    megahertz = next(iter(report["fmax"].values()))["achieved"]
    return {
        "schema": "cfcsim.place_and_route/1",
        "target": "ice40",
        "period_ns": round(1000 / megahertz, 3),
        "longest_path": longest_path(report, module),
        "logic_cells": report["utilization"]["ICESTORM_LC"]["used"],
        "wrapper_cells": bits_of(ports),
        "block_rams": report["utilization"]["ICESTORM_RAM"]["used"],
    }


def print_table(result):
    path = result["longest_path"]
    print(f"""
placed and routed on an {DEVICE}
logic cells    {result['logic_cells']:>10,} of {LOGIC_CELLS:,}, {result['wrapper_cells']:,} of them for ports
block RAMs     {result['block_rams']:>10,} of {BLOCK_RAMS}
clock period   {result['period_ns']:>10.3f} ns, {1000 / result['period_ns']:.1f} MHz
longest path   {path['ns']:>10.3f} ns, {path['from']} to {path['to']}""")


def main():
    parser = standard_cells.flow_arguments()
    parser.add_argument("--seed", type=int, default=SEED)
    standard_cells.deliver(lambda given: place_and_route(given.rtl, given.layer, given.work, given.seed),
                           parser.parse_args(), print_table)


if __name__ == "__main__":
    main()
