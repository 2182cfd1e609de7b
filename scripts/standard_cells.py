"""Maps exported RTL to standard cells and reads area and the longest paths of it.

    standard_cells.py RTL --liberty FILE --work FOLDER [--layer K] [--json FILE]

RTL is a folder that `cfcsim export rtl` wrote. Yosys and ABC map every block by itself (block boundaries
stay), memories become macros, OpenSTA finds the longest path to every group of registers. The cell library
knows no wires: neither do the figures.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

# Blocks of the design: each is mapped by itself, with the small cells in it.
BLOCKS = ("layer", "dense_engine", "sequential_engine", "streaming_engine", "dimension_compression_layer",
          "dimension_increase_layer", "layer_state_control", "memory_control", "dcl_state_control",
          "u_matrix_calculator", "dil_state_control", "v_matrix_calculator", "activation")
# Small cells that an engine or a layer has beside its blocks.
SINGLE_CELLS = ("requantise_z", "z_memory", "output_memory")

# Delay first, with the area recovered where a path is not the longest.
ABC_SCRIPT = "+strash;dch;&get,-n;&nf,-D,1000;&put;buffer,-c;topo;upsize;dnsize;stime,-p"

MAX_FANOUT = 10
MOST_LANES = 256

# Where a path ends: groups by the name of the register, in this order.
ENDS = (
    ("operands", r"[uv]_mc/operands\."),
    ("products", r"u_mc/products\."),
    ("tree", r"u_mc/sum\."),
    ("accumulator", r"u_mc/(r_accumulator|o_result)"),
    ("z", r"operand|z_memory/"),
    ("products_v", r"v_mc/.*products\."),
    ("sums", r"v_mc/|psum"),
    ("output", r"output_memory/"),
    ("input", r"mcm/.*memory"),
)


class FlowError(Exception):
    """A tool failed; the message names it and its log."""


def run(command, log, folder=None):
    """Runs a tool in `folder`; its output goes to `log`."""
    try:
        with open(log, "w", encoding="utf-8") as file:
            status = subprocess.run(command, cwd=folder, stdout=file, stderr=subprocess.STDOUT, check=False).returncode
    except FileNotFoundError as error:
        raise FlowError(f"{command[0]} is not installed") from error
    if status:
        tail = pathlib.Path(log).read_text(encoding="utf-8").strip().splitlines()[-1:]
        raise FlowError(f"{command[0]} failed, {log}: {' '.join(tail)}")


def yosys(script, work, name, folder=None):
    path = work / f"{name}.ys"
    path.write_text(script, encoding="utf-8")
    run(["yosys", "-q", "-l", str(work / f"{name}.log"), str(path)], work / f"{name}.out", folder)


def elaborate(rtl, work):
    """Elaborates the network; gives its modules as Yosys writes them."""
    sources = " ".join(str(path) for path in sorted(rtl.glob("rtl_ref/*.v")))
    yosys(f"""read_verilog {sources} {rtl / 'accelerator.v'}
hierarchy -check -top accelerator
proc
json -o {work / 'elaborated.json'}
write_rtlil {work / 'elaborated.il'}
""", work, "elaborate", rtl)
    return json.loads((work / "elaborated.json").read_text(encoding="utf-8"))["modules"]


def parameter(value):
    return int(value, 2) if isinstance(value, str) and set(value) <= {"0", "1"} else value


def memory_shapes(modules):
    """(words, bits) of every macro, by the name of its module."""
    shapes = {}
    for name, module in modules.items():
        if not name.endswith("\\memory"):
            continue
        words = parameter(module["parameter_default_values"]["Words"])
        shapes[name] = (words, len(module["ports"]["o_read_data"]["bits"]))
    return shapes


def macro_name(shape):
    return "memory_{}x{}".format(*shape)


def bus(name, bits, direction, timing=""):
    return f"""    bus ({name}) {{ bus_type : bus_{bits}; direction : {direction};
      {'capacitance : 0.01;' if direction == 'input' else ''} {timing} }}
"""


def macro_cell(shape):
    """A macro in liberty: synchronous read, without an access time of its own."""
    words, bits = shape
    index = max(1, (words - 1).bit_length())
    setup = """timing () { related_pin : "i_clk"; timing_type : setup_rising;
        rise_constraint (scalar) { values ("0.2"); } fall_constraint (scalar) { values ("0.2"); } }"""
    access = """timing () { related_pin : "i_clk"; timing_type : rising_edge; timing_sense : non_unate;
        cell_rise (scalar) { values ("0.0"); } cell_fall (scalar) { values ("0.0"); }
        rise_transition (scalar) { values ("0.1"); } fall_transition (scalar) { values ("0.1"); } }"""
    pins = "".join(f"    pin ({name}) {{ direction : input; capacitance : 0.01; {setup} }}\n"
                   for name in ("i_read", "i_write"))
    return (f"  cell ({macro_name(shape)}) {{ area : 0;\n"
            "    pin (i_clk) { direction : input; clock : true; capacitance : 0.01; }\n" + pins +
            bus("i_read_word", index, "input", setup) + bus("i_write_word", index, "input", setup) +
            bus("i_write_data", bits, "input", setup) + bus("o_read_data", bits, "output", access) + "  }\n")


def macro_library(shapes):
    widths = {bits for _, bits in shapes} | {max(1, (words - 1).bit_length()) for words, _ in shapes}
    types = "".join(f"  type (bus_{bits}) {{ base_type : array; data_type : bit; bit_width : {bits};"
                    f" bit_from : {bits - 1}; bit_to : 0; downto : true; }}\n" for bits in sorted(widths))
    cells = "".join(macro_cell(shape) for shape in sorted(shapes))
    return f"""library (memories) {{
  delay_model : table_lookup;
  time_unit : "1ns"; voltage_unit : "1V"; current_unit : "1uA"; capacitive_load_unit (1, pf);
  pulling_resistance_unit : "1kohm"; leakage_power_unit : "1nW";
  input_threshold_pct_rise : 50; input_threshold_pct_fall : 50;
  output_threshold_pct_rise : 50; output_threshold_pct_fall : 50;
  slew_lower_threshold_pct_rise : 20; slew_lower_threshold_pct_fall : 20;
  slew_upper_threshold_pct_rise : 80; slew_upper_threshold_pct_fall : 80;
{types}{cells}}}
"""


def below(modules, top):
    """The modules that `top` is made of, itself among them."""
    found = {}
    waiting = [top]
    while waiting:
        name = waiting.pop()
        if name in modules and name not in found:
            found[name] = modules[name]
            waiting += [cell["type"] for cell in modules[name]["cells"].values()]
    return found


def check_size(modules):
    """Refuses what Yosys and ABC would take hours and tens of GB for."""
    for name, module in modules.items():
        if not re.search(r"\\[uv]_matrix_calculator$", name):
            continue
        lanes = parameter(module["parameter_default_values"]["Lanes"])
        if lanes > MOST_LANES:
            raise FlowError(f"a calculator has {lanes} lanes, too many to synthesise here (at most {MOST_LANES}); "
                            "`cfcsim compare` gives the fit to smaller ones")


def top_module(modules, layer):
    if layer is None:
        return "accelerator"
    cells = modules["accelerator"]["cells"]
    if f"layer_{layer}" not in cells:
        layers = sum(name.startswith("layer_") for name in cells)
        raise FlowError(f"--layer {layer}: the network has layers 1 to {layers}")
    return cells[f"layer_{layer}"]["type"]


def map_to_cells(top, shapes, liberty, work):
    """Synthesises and writes cells.v and area.txt."""
    macros = "\n".join(f"blackbox {name}" for name in shapes)
    keep = " ".join(f"*\\{block}" for block in BLOCKS)
    cells = " ".join(f"*/c:{cell}" for cell in SINGLE_CELLS)
    yosys(f"""read_rtlil {work / 'elaborated.il'}
{macros}
hierarchy -top {top}
rename -top design
setattr -mod -set keep_hierarchy 1 {keep}
setattr -set keep_hierarchy 1 {cells}
flatten
uniquify
hierarchy -top design
synth -run coarse:fine -top design
memory_map
opt -undriven -fine
techmap
opt -fast
dfflibmap -liberty {liberty}
abc -liberty {liberty} -script {ABC_SCRIPT}
setundef -zero
splitnets -ports
clean
read_liberty -lib {liberty}
write_json {work / 'mapped.json'}
""", work, "map")
    netlist = json.loads((work / "mapped.json").read_text(encoding="utf-8"))
    name_macros(netlist["modules"], shapes)
    for module in netlist["modules"].values():
        if "blackbox" in module["attributes"]:
            continue
        name_registers(module)
        name_cells(module)
        limit_fanout(module)
    (work / "buffered.json").write_text(json.dumps(netlist), encoding="utf-8")
    yosys(f"""read_json {work / 'buffered.json'}
hierarchy -top design
clean -purge
tee -o {work / 'area.txt'} stat -liberty {liberty}
write_verilog -noattr -simple-lhs -noexpr {work / 'cells.v'}
""", work, "write")


def name_macros(modules, shapes):
    """Calls every memory by its shape, as the macros' library does; those of one shape become one."""
    for name, shape in shapes.items():
        modules[macro_name(shape)] = modules.pop(name)
    for module in modules.values():
        for cell in module["cells"].values():
            if cell["type"] in shapes:
                cell["type"] = macro_name(shapes[cell["type"]])


def name_registers(module):
    """Calls every flip-flop after what it holds in the RTL: "r_accumulator[3]_reg"."""
    names = {}
    for name, net in module["netnames"].items():
        if not net.get("hide_name"):
            for index, bit in enumerate(net["bits"]):
                names.setdefault(bit, f"{name}[{index}]" if len(net["bits"]) > 1 else name)
    for cell in [name for name, each in module["cells"].items() if each["type"].startswith("DFF")]:
        name = names.get(module["cells"][cell]["connections"]["Q"][0], "") + "_reg"
        if name != "_reg" and name not in module["cells"]:
            module["cells"][name] = module["cells"].pop(cell)
            module["cells"][name]["hide_name"] = 0


def name_cells(module):
    """Gives every cell without a name one, that it has in the netlist, too."""
    for number, name in enumerate([name for name in module["cells"] if name.startswith("$")]):
        module["cells"][f"g{number}"] = {**module["cells"].pop(name), "hide_name": 0}


def limit_fanout(module):
    """Puts trees of buffers behind every net that has more than MAX_FANOUT sinks; clocks stay ideal."""
    sinks = collections.defaultdict(list)
    clocks = set()
    for cell in module["cells"].values():
        for port, bits in cell["connections"].items():
            if cell["port_directions"][port] == "output":
                continue
            if port in ("CLK", "i_clk"):
                clocks.update(bits)
            for index, bit in enumerate(bits):
                sinks[bit].append((bits, index))
    fresh = 1 + max((bit for net in module["netnames"].values() for bit in net["bits"] if isinstance(bit, int)),
                    default=1)
    for bit, places in sinks.items():
        if not isinstance(bit, int) or bit in clocks:
            continue
        while len(places) > MAX_FANOUT:
            places, fresh = add_buffers(module, bit, places, fresh)


def add_buffers(module, bit, places, fresh):
    """A level of the tree: a buffer for each MAX_FANOUT places; gives the inputs of the buffers."""
    inputs = []
    for first in range(0, len(places), MAX_FANOUT):
        for bits, index in places[first:first + MAX_FANOUT]:
            bits[index] = fresh
        module["cells"][f"fanout_{fresh}"] = {
            "hide_name": 0, "type": "BUFX4", "parameters": {}, "attributes": {},
            "port_directions": {"A": "input", "Y": "output"},
            "connections": {"A": [bit], "Y": [fresh]}}
        inputs.append((module["cells"][f"fanout_{fresh}"]["connections"]["A"], 0))
        fresh += 1
    return inputs, fresh


def block_of(path):
    """u_mc of a design: "streaming.engine.dcl.u_mc" to "dcl.u_mc"."""
    return re.sub(r"[a-z_]+\.engine\.?", "", path.replace("design.", "", 1)).strip(".")


def read_areas(work):
    """um2 and registers by block."""
    blocks = collections.defaultdict(lambda: {"area_um2": 0.0, "registers": 0})
    here = None
    for line in (work / "area.txt").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"=== (\S+) ===", line):
            here = heading[1].lstrip("\\")
        elif line.startswith("=== design hierarchy"):
            here = None
        elif here and (area := re.match(r"\s*Chip area for module .*: ([0-9.]+)", line)):
            blocks[here]["area_um2"] += float(area[1])
        elif here and (cells := re.match(r"\s+DFF\w+\s+(\d+)", line)):
            blocks[here]["registers"] += int(cells[1])
    named = collections.defaultdict(lambda: {"area_um2": 0.0, "registers": 0})
    for name, figures in blocks.items():
        if figures["area_um2"] and not name.startswith("memory_"):
            for key, value in figures.items():
                named[block_of(name) or "glue"][key] += value
    return dict(named)


PATH = re.compile(r"Startpoint: (\S+).*?Endpoint: (\S+).*?([0-9.]+)\s+data arrival time", re.S)
SETUP = re.compile(r"(-?[0-9.]+)\s+(?:-?[0-9.]+)\s+library setup time")


def analyse(liberty, work):
    """All endpoints with the worst path to each: (start, end, ns with the set-up time)."""
    (work / "sta.tcl").write_text(f"""read_liberty {liberty}
read_liberty {work / 'memories.lib'}
read_verilog {work / 'cells.v'}
link_design design
create_clock -name clk -period 1000 [get_ports i_clk]
set data [list]
foreach port [all_inputs] {{ if {{[get_property $port full_name] != "i_clk"}} {{ lappend data $port }} }}
set_input_delay 0 -clock clk $data
set_output_delay 0 -clock clk [all_outputs]
report_checks -path_delay max -group_count 1000000 -format full -digits 4 > {work / 'paths.txt'}
report_checks -path_delay max -format full_clock -digits 3 > {work / 'longest.txt'}
exit
""", encoding="utf-8")
    run(["sta", "-no_splash", "-exit", str(work / "sta.tcl")], work / "sta.log")
    text = (work / "paths.txt").read_text(encoding="utf-8")
    paths = []
    for report in text.split("Startpoint: ")[1:]:
        found = PATH.match("Startpoint: " + report)
        setup = SETUP.search(report)
        delay = float(found[3]) - (float(setup[1]) if setup else 0.0)
        paths.append((found[1], found[2], delay))
    return paths


def plain(name):
    return name.replace("\\", "")


def group_of(end):
    for group, pattern in ENDS:
        if re.search(pattern, end):
            return group
    return "control"


def longest_by_group(paths):
    groups = {}
    for start, end, delay in paths:
        start, end = plain(start), plain(end)
        source = "memory" if re.search(r"memory$|psum$", start) else "register"
        best = groups.setdefault(group_of(end), {}).get(source)
        if best is None or delay > best["ns"]:
            groups[group_of(end)][source] = {"ns": round(delay, 4), "from": start, "to": end}
    return groups


def print_table(result):
    print(f"{'block':<28} {'um2':>12} {'flip-flops':>11}")
    for name, block in sorted(result["blocks"].items()):
        print(f"{name:<28} {block['area_um2']:>12,.0f} {block['registers']:>11,}")
    registers = sum(block["registers"] for block in result["blocks"].values())
    print(f"{'all':<28} {result['area_um2']:>12,.0f} {registers:>11,}")
    print(f"\n{'longest path to':<28} {'ns':>12}")
    for group, sources in sorted(result["paths"].items(), key=lambda item: -longest_of(item[1])["ns"]):
        path = longest_of(sources)
        print(f"{group:<28} {path['ns']:>12.3f}  {path['from']} to {path['to']}")
    print(f"\nclock period: {result['period_ns']:.3f} ns; cells only: no wires, memories are macros of their own")


def longest_of(sources):
    return max(sources.values(), key=lambda path: path["ns"])


def synthesise(rtl, liberty, layer, work):
    work.mkdir(parents=True, exist_ok=True)
    network = elaborate(rtl, work)
    top = top_module(network, layer)
    modules = below(network, top)
    check_size(modules)
    shapes = memory_shapes(modules)
    (work / "memories.lib").write_text(macro_library(set(shapes.values())), encoding="utf-8")
    map_to_cells(top, shapes, liberty, work)
    blocks = read_areas(work)
    paths = analyse(liberty, work)
    groups = longest_by_group(paths)
    longest = longest_of({group: longest_of(sources) for group, sources in groups.items()})
    return {
        "schema": "cfcsim.synthesis/1",
        "period_ns": longest["ns"],
        "longest_path": longest,
        "paths": groups,
        "area_um2": round(sum(block["area_um2"] for block in blocks.values()), 1),
        "blocks": blocks,
        "memories": [{"words": words, "bits": bits} for words, bits in shapes.values()],
    }


def flow_arguments():
    """What every flow from exported RTL takes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rtl", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--layer", type=int)
    parser.add_argument("--work", type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument("--json")
    return parser


def cell_arguments():
    """What the flows to standard cells take."""
    parser = flow_arguments()
    parser.add_argument("--liberty", type=pathlib.Path, required=True)
    return parser


def deliver(flow, arguments, print_text):
    """Runs a flow and gives its result as JSON, as text, or as both; status 2 if it fails."""
    try:
        result = flow(arguments)
    except FlowError as error:
        print(f"{pathlib.Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        sys.exit(2)
    if arguments.json == "-":
        print(json.dumps(result, indent=2))
    elif arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if arguments.json != "-":
        print_text(result)


def main():
    deliver(lambda given: synthesise(given.rtl, given.liberty, given.layer, given.work), cell_arguments().parse_args(),
            print_table)


if __name__ == "__main__":
    main()
