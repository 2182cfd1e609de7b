"""Maps a layer of exported RTL to standard cells, and finds the energy of the bench's images from their switching.

    switching_energy.py RTL --layer K --liberty FILE --work FOLDER [--json FILE]

Runs the mapped netlist beside the RTL that it was made of, in one simulation of the exported bench: the layer's
inputs go to both, and outputs that differ are an error. The value changes of every pin become energies: the
library's internal energy of the cell, and half C V^2 of the pins that the output drives. Cells have the delays of
the library's Verilog, so glitches are counted; there are no wires, and no clock but for the registers' pins.
"""

import collections
import json
import pathlib
import re
import sys

import standard_cells
from liberty import Liberty

CONTENTS = {"w_memory": "WFile", "u_memory": "UFile", "v_memory": "VFile"}


def memory_model(shape):
    """What a macro does: the RTL's memory, of which the contents come from outside."""
    words, bits = shape
    index = max(1, (words - 1).bit_length())
    return f"""module {standard_cells.macro_name(shape)} (
    input wire i_clk, input wire i_read, input wire [{index - 1}:0] i_read_word,
    output wire [{bits - 1}:0] o_read_data,
    input wire i_write, input wire [{index - 1}:0] i_write_word, input wire [{bits - 1}:0] i_write_data
);
  memory #(.Words({words}), .WordBits({bits})) contents (
      .i_clk(i_clk), .i_read(i_read), .i_read_word(i_read_word), .o_read_data(o_read_data),
      .i_write(i_write), .i_write_word(i_write_word), .i_write_data(i_write_data)
  );
endmodule
"""


def instance_of(rtl, layer):
    """The parameters of layer K in accelerator.v, as text."""
    text = (rtl / "accelerator.v").read_text(encoding="utf-8")
    return text[:text.index(f") layer_{layer} (")].rpartition("layer #(")[2]


def contents_of(rtl, layer):
    """File by parameter of a layer."""
    return dict(re.findall(r'\.(\w+File)\("([^"]+)"\)', instance_of(rtl, layer)))


def instances(modules, top):
    """(path, type) of every macro below a module; a path is a list of names."""
    found = []
    for name, cell in modules[top]["cells"].items():
        if cell["type"].startswith("memory_"):
            found.append(([name], cell["type"]))
        elif cell["type"] in modules and "blackbox" not in modules[cell["type"]]["attributes"]:
            found += [([name] + path, kind) for path, kind in instances(modules, cell["type"])]
    return found


def verilog_path(names):
    return ".".join(f"\\{name} " for name in names)


def bench_beside(netlist, rtl, layer):
    """A second top module: the netlist with the inputs of the RTL's layer, its outputs compared."""
    modules = netlist["modules"]
    twin = f"accelerator_bench.dut.layer_{layer}"
    ports = modules["design"]["ports"]
    outputs = [name for name, port in ports.items() if port["direction"] == "output"]
    wires = "".join(f"  wire \\{name} ;\n" for name in outputs)
    nets = {name: verilog_path([name]) if name in outputs else f"{twin}.{name}" for name in ports}
    connections = ",\n".join(f"      .{verilog_path([name])} ({net})" for name, net in nets.items())
    files = contents_of(rtl, layer)
    loads = "".join(f'    $readmemh("{files[CONTENTS[path[-1]]]}", gates.{verilog_path(path)}.contents.r_words);\n'
                    for path, _ in instances(modules, "design") if path[-1] in CONTENTS)
    data = [name for name in outputs if name.startswith("o_data")]
    differs = " || ".join(f"\\{name} !== {twin}.{name}" for name in ("o_ready", "o_valid"))
    differs_data = " || ".join(f"\\{name} !== {twin}.{name}" for name in data)
    return f"""module netlist_beside;
{wires}
  \\design gates (
{connections}
  );
  initial begin
{loads}    @(posedge {twin}.i_rst_n);
    $dumpfile("netlist.vcd");
    $dumpvars(0, gates);
  end
  always @(negedge {twin}.i_clk) begin
    if ({twin}.i_rst_n && ({differs} || {twin}.o_valid && ({differs_data}))) begin
      $display("NETLIST DIFFERS at %0t", $time);
      $finish;
    end
  end
endmodule
"""


def simulate(rtl, liberty, layer, work):
    """Writes netlist.vcd; gives images and cycles of the run."""
    netlist = json.loads((work / "buffered.json").read_text(encoding="utf-8"))
    macros = [name for name in netlist["modules"] if name.startswith("memory_")]
    shapes = {tuple(map(int, re.findall(r"\d+", name))) for name in macros}
    models = "".join(map(memory_model, sorted(shapes)))
    (work / "beside.v").write_text("`default_nettype wire\n" + models + bench_beside(netlist, rtl, layer),
                                   encoding="utf-8")
    # The bench's clock of 10 units is far longer than any path, without the delays that loads would add.
    (work / "time.v").write_text("`timescale 1us/10ps\n", encoding="utf-8")
    rtl_files = [str(path) for path in sorted(rtl.glob("rtl_ref/*.v"))]
    standard_cells.run(["iverilog", "-g2005", "-gspecify", "-s", "accelerator_bench", "-s", "netlist_beside",
                        "-o", str(work / "beside.vvp"), str(work / "time.v"), *rtl_files, str(rtl / "accelerator.v"),
                        str(rtl / "accelerator_bench.v"), str(work / "beside.v"), str(work / "cells.v"),
                        str(liberty.with_suffix(".v"))], work / "iverilog.log", rtl)
    standard_cells.run(["vvp", "-n", str(work / "beside.vvp")], work / "vvp.log", rtl)
    said = (work / "vvp.log").read_text(encoding="utf-8")
    result = re.search(r"(\d+) images, (\d+) mismatches, (\d+) cycles", said)
    if "NETLIST DIFFERS" in said:
        raise standard_cells.FlowError(f"the netlist does not do what the RTL does, {work / 'vvp.log'}")
    if not result or result[2] != "0":
        raise standard_cells.FlowError(f"the RTL does not make the bench's outputs, {work / 'vvp.log'}")
    return int(result[1]), int(result[3])


def value_changes(vcd):
    """How often each net of the netlist changes, by the names that it has there: "dcl.u_mc.g12.Y"."""
    names = collections.defaultdict(list)
    scope = []
    with open(vcd, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if words[:1] == ["$scope"]:
                scope.append(words[2])
            elif words[:1] == ["$upscope"]:
                scope.pop()
            elif words[:1] == ["$var"]:
                names[words[3]].append(".".join((*scope[2:], words[4])))
            elif words[:1] == ["$enddefinitions"]:
                break
        values = collections.Counter(line for line in lines if line[0] in "01")
    # A change a line, but for the first value.
    return {name: max(0, values[f"0{net}\n"] + values[f"1{net}\n"] - 1)
            for net, all_names in names.items() for name in all_names}


def flat_cells(work):
    """The netlist without hierarchy: cells by their path, "dcl.u_mc.g12", connected by numbered bits."""
    standard_cells.yosys(f"""read_json {work / 'buffered.json'}
hierarchy -top design
clean -purge
setattr -mod -unset keep_hierarchy *
setattr -unset keep_hierarchy *
flatten
write_json {work / 'flat.json'}
""", work, "flat")
    return json.loads((work / "flat.json").read_text(encoding="utf-8"))["modules"]["design"]["cells"]


def changes_of(changes, pin):
    if pin not in changes:
        raise standard_cells.FlowError(f"{pin} is in the netlist, and not in what was simulated of it")
    return changes[pin]


def energies(cells, changes, cycles, library, block_of):
    """pJ of the whole run by block: {"clock": pins of registers, "cells": all else}."""
    loads = collections.Counter()
    for cell in cells.values():
        for pin, bits in cell["connections"].items():
            for bit in bits:
                loads[bit] += library.capacitance(cell["type"], pin)
    blocks = collections.defaultdict(lambda: {"clock": 0.0, "cells": 0.0})
    for path, cell in cells.items():
        if cell["type"].startswith("memory_"):
            continue
        block = blocks[block_of(path)]
        for pin, (bit, *_) in cell["connections"].items():
            if library.is_clock(cell["type"], pin):
                block["clock"] += 2 * cycles * (library.internal_pj(cell["type"], pin, 0) +
                                                library.switching_pj(library.capacitance(cell["type"], pin)))
                continue
            count = changes_of(changes, f"{path}.{pin}")
            block["cells"] += count * library.internal_pj(cell["type"], pin, loads[bit])
            if cell["port_directions"][pin] == "output":
                block["cells"] += count * library.switching_pj(loads[bit])
    return dict(blocks)


def block_finder(names):
    """Gives the block, of these, that a cell is in."""
    def find(path):
        inside = standard_cells.block_of("design." + path)
        return max((name for name in names if inside.startswith(name + ".")), key=len, default="glue")
    return find


def measure(rtl, liberty, layer, work, blocks):
    """After standard_cells.synthesise of the same layer in the same folder: nJ of an image, by these blocks."""
    images, cycles = simulate(rtl, liberty, layer, work)
    changes = value_changes(rtl / "netlist.vcd")
    found = energies(flat_cells(work), changes, cycles, Liberty(liberty), block_finder(blocks))
    (rtl / "netlist.vcd").unlink()
    return {
        "images": images,
        "cycles": cycles / images,
        "energy_nj": round(sum(sum(parts.values()) for parts in found.values()) / 1000 / images, 3),
        "blocks": {name: {f"{part}_nj": round(pj / 1000 / images, 4) for part, pj in parts.items()}
                   for name, parts in sorted(found.items())},
    }


def synthesise(arguments):
    """What standard_cells finds, and "energy" of it."""
    result = standard_cells.synthesise(arguments.rtl, arguments.liberty, arguments.layer, arguments.work)
    result["energy"] = measure(arguments.rtl, arguments.liberty, arguments.layer, arguments.work, result["blocks"])
    return result


def print_tables(result):
    standard_cells.print_table(result)
    energy = result["energy"]
    print(f"\n{'nJ an image':<28} {'clock':>12} {'cells':>11}")
    for name, block in energy["blocks"].items():
        print(f"{name:<28} {block['clock_nj']:>12,.1f} {block['cells_nj']:>11,.1f}")
    clock = sum(block["clock_nj"] for block in energy["blocks"].values())
    print(f"{'all':<28} {clock:>12,.1f} {energy['energy_nj'] - clock:>11,.1f}")
    print(f"\n{energy['images']} images, {energy['cycles']:,.0f} cycles an image, netlist and RTL alike: "
          f"{energy['energy_nj']:,.1f} nJ an image; cells only: no wires, no memories")


def main():
    arguments = standard_cells.cell_arguments().parse_args()
    if arguments.layer is None:
        sys.exit("switching_energy.py: --layer is missing: energies are of one layer")
    standard_cells.deliver(synthesise, arguments, print_tables)


if __name__ == "__main__":
    main()
