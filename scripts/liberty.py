"""What a liberty file says of a cell's energy: capacitances of pins, and tables of internal energy."""

import bisect
import re

# Input transition at which energies are read, of the clock, too; slower ones cost more (the clock pin of a flip-flop
# 0.117 pJ for both edges at 0.06 ns, 0.191 at 0.48 ns).
SLEW_NS = 0.18

TOKENS = re.compile(r"""
    (?P<group>\w+)\s*\((?P<name>[^()]*)\)\s*\{ |
    (?P<list>\w+)\s*\((?P<values>[^()]*)\)\s*; |
    (?P<key>\w+)\s*:\s*(?P<value>[^;]*?)\s*; |
    (?P<end>\})""", re.X)


class Group:
    """`kind (name) { ... }`: attributes by name, and the groups in it."""

    def __init__(self, kind, name):
        self.kind = kind
        self.name = name.strip().strip('"')
        self.attributes = {}
        self.groups = []

    def all(self, kind):
        return [group for group in self.groups if group.kind == kind]


def read_groups(text):
    """The outermost group of a file."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S).replace("\\\n", "")
    stack = [Group("file", "")]
    for token in TOKENS.finditer(text):
        if token["group"]:
            group = Group(token["group"], token["name"])
            stack[-1].groups.append(group)
            stack.append(group)
        elif token["list"]:
            words = re.split(r'[\s",]+', token["values"])
            stack[-1].attributes[token["list"]] = [float(word) for word in words if re.match(r"[-+.]?\d", word)]
        elif token["key"]:
            stack[-1].attributes[token["key"]] = token["value"].strip('"')
        else:
            stack.pop()
    return stack[0].groups[0]


def position(index, value):
    """Where a value lies in an index: place, and part of the way to the next; the ends go on flat."""
    value = min(max(value, index[0]), index[-1])
    place = min(bisect.bisect_right(index, value), len(index) - 1) - 1
    return place, (value - index[place]) / (index[place + 1] - index[place])


def look_up(table, load_pf):
    """An energy of a table by output load and input transition, or by the transition alone."""
    values = table.attributes["values"]
    slews = table.attributes.get("index_2", table.attributes["index_1"])
    column, right = position(slews, SLEW_NS)

    def in_row(row):
        first = row * len(slews) + column
        return values[first] * (1 - right) + values[first + 1] * right

    if "index_2" not in table.attributes:
        return in_row(0)
    row, down = position(table.attributes["index_1"], load_pf)
    return in_row(row) * (1 - down) + in_row(row + 1) * down


class Liberty:
    """Energies in pJ (V^2 times the library's pF), capacitances in pF."""

    def __init__(self, path):
        library = read_groups(path.read_text(encoding="utf-8"))
        self.voltage = float(library.attributes["nom_voltage"])
        self.pins = {(cell.name, pin.name): pin for cell in library.all("cell") for pin in cell.all("pin")}

    def capacitance(self, cell, pin):
        """Of an input; 0 of an output and of what the library does not have."""
        group = self.pins.get((cell, pin))
        return float(group.attributes.get("capacitance", 0)) if group else 0.0

    def is_clock(self, cell, pin):
        return self.pins[cell, pin].attributes.get("clock") == "true"

    def switching_pj(self, load_pf):
        """Of one change of a net."""
        return load_pf * self.voltage ** 2 / 2

    def internal_pj(self, cell, pin, load_pf):
        """Of one change of a pin: the mean of both edges, and of all inputs that can cause it."""
        tables = [table for power in self.pins[cell, pin].all("internal_power") for table in power.groups]
        return sum(look_up(table, load_pf) for table in tables) / len(tables) if tables else 0.0
