"""What a waveform says about a run, derived from its signals by docs/reference/timing.md alone."""

LAYER_STATES = ["idle", "load", "run", "send"]
DCL_STATES = ["idle", "compute", "multiply", "accumulate"]
DIL_STATES = ["idle", "run", "wait"]


class LayerWaves:
    """The signals of one layer, sampled in every cycle."""

    def __init__(self, waves, number, config):
        self.waves = waves
        self.scope = f"model.layer_{number}"
        self.config = config
        self.times = [time for _, time in waves.cycles()]

    def path(self, name):
        """The RTL's name: what is no part of the shell stands in the engine."""
        in_engine = name.startswith(("dcl", "dil", "w_z"))
        engine = f"{self.config['schedule']}.engine." if in_engine else ""
        return f"{self.scope}.{engine}{name}"

    def numbers(self, name):
        return self.waves.numbers(self.path(name), self.times)

    def bits(self, name):
        """Width of the first signal of this name, whatever its lane."""
        path = next(p for p in self.waves.bits if p.startswith(self.path(name)))
        return self.waves.bits[path]

    def transfers(self, valid, ready):
        return [a == 1 and b == 1 for a, b in zip(self.numbers(valid), self.numbers(ready))]


def count(entries):
    """How often each entry comes; those that never do are left out."""
    return {entry: entries.count(entry) for entry in set(entries)}


def tiles(depth, lanes):
    return -(-depth // lanes)


def extent(depth, lanes, tile):
    return min(lanes, depth - tile * lanes)


def l_scm_ledger(layer):
    state = layer.numbers("l_scm.r_state")
    received = layer.transfers("i_valid", "o_ready")
    sent = layer.transfers("o_valid", "i_ready")
    entries = []
    for cycle, code in enumerate(state):
        name = LAYER_STATES[code]
        starts = cycle + 1 < len(state) and LAYER_STATES[state[cycle + 1]] == "run"
        if name == "load" and not received[cycle] and not starts:
            name = "wait_input"
        if name == "send" and not sent[cycle]:
            name = "wait_next"
        entries.append(name)
    return count(entries)


def stalls(layer, engine):
    """Where the engine stands still: z is offered and not taken."""
    if engine != "dcl" or layer.config["schedule"] != "streaming":
        return [False] * len(layer.times)
    return [v == 1 and r == 0 for v, r in zip(layer.numbers("w_z_valid"), layer.numbers("w_z_ready"))]


def dcl_ledger(layer, engine):
    control = f"{engine}.dcl_scm."
    rows = zip(
        layer.numbers(control + "r_state"),
        layer.numbers(control + "w_issue"),
        layer.numbers(control + "w_retire"),
        stalls(layer, engine),
    )
    entries = []
    for state, issue, retire, stalled in rows:
        name = DCL_STATES[state]
        if name != "idle" and stalled:
            name = "wait_dil"
        elif name != "idle" and layer.config["issue"] == "overlapped":
            name = ("compute" if retire else "fill") if issue else "drain"
        entries.append(name)
    return count(entries)


def dil_ledger(layer):
    entries, last = [], None
    for state, k in zip(layer.numbers("dil.dil_scm.r_state"), layer.numbers("dil.dil_scm.w_k")):
        last = k if k is not None else last
        name = DIL_STATES[state]
        if name == "wait":
            name = "drain" if last == layer.config["r"] - 1 else "wait_dcl"
        entries.append(name)
    return count(entries)


def issued_tiles(layer, engine):
    """The tile of each read: a tile that stands at the port through a stall was read once."""
    control = f"{engine}.dcl_scm."
    stalled = [False, *stalls(layer, engine)]
    rows = zip(layer.numbers(control + "w_issue"), layer.numbers(control + "w_tile"), stalled)
    return [tile for issue, tile, held in rows if issue and not held]


def retirements(layer, engine):
    stalled = stalls(layer, engine)
    return sum(r and not s for r, s in zip(layer.numbers(f"{engine}.dcl_scm.w_retire"), stalled))


def accesses(words, elements, bits):
    return {"words": words, "elements": elements, "bits": elements * bits}


def reads_of_tiles(tile_numbers, depth, lanes, bits):
    elements = sum(extent(depth, lanes, tile) for tile in tile_numbers)
    return accesses(len(tile_numbers), elements, bits)


def memories(layer, images):
    """Reads and writes of each memory of the layer."""
    c = layer.config
    m, n, r = c["m"], c["n"], c["r"]
    node_bits, output_bits = 8, layer.bits("o_data_")
    first = "dcl_u" if c["schedule"] == "sequential" else "dcl"
    received = sum(layer.transfers("i_valid", "o_ready"))
    sent = sum(layer.transfers("o_valid", "i_ready"))
    issued = issued_tiles(layer, first)
    found = {
        "input": {
            "write": accesses(received, images * m, node_bits),
            "read": reads_of_tiles(issued, m, c["lanes_u"], node_bits),
        },
        "output": {"read": accesses(sent, images * n, output_bits)},
    }
    weights = reads_of_tiles(issued, m, c["lanes_u"], layer.bits(f"{first}.u_mc.i_wegt_"))
    found["w" if c["schedule"] == "dense" else "u"] = {"read": weights}
    results = retirements(layer, first) // tiles(m, c["lanes_u"])
    if c["schedule"] == "dense":
        found["output"]["write"] = accesses(results, results, output_bits)
    elif c["schedule"] == "sequential":
        z_bits = layer.bits("dcl_v.u_mc.i_node_")
        second = issued_tiles(layer, "dcl_v")
        found["z"] = {
            "write": accesses(results, results, z_bits),
            "read": reads_of_tiles(second, r, c["lanes_v"], z_bits),
        }
        v_bits = layer.bits("dcl_v.u_mc.i_wegt_")
        found["v"] = {"read": reads_of_tiles(second, r, c["lanes_v"], v_bits)}
        outputs = retirements(layer, "dcl_v") // tiles(r, c["lanes_v"])
        found["output"]["write"] = accesses(outputs, outputs, output_bits)
    else:
        add_streaming(layer, found, output_bits)
    return found


def add_streaming(layer, found, output_bits):
    c = layer.config
    n, r, lanes = c["n"], c["r"], c["lanes_v"]
    row_tiles = [tile for tile in layer.numbers("dil.dil_scm.w_tile") if tile is not None]
    found["v"] = {"read": reads_of_tiles(row_tiles, n, lanes, layer.bits("dil.v_mc.i_wegt_"))}
    # The tiles reach the sums in the order in which they are read.
    arrivals = range(sum(layer.numbers("dil.dil_scm.w_retire")))
    order = [divmod(arrival, tiles(n, lanes)) for arrival in arrivals]
    sums = [(operation % r, tile) for operation, tile in order]
    last = [tile for k, tile in sums if k == r - 1]
    found["output"]["write"] = reads_of_tiles(last, n, lanes, output_bits)
    if c["psum_storage"] == "memory":
        found["psum"] = {
            "read": reads_of_tiles([tile for k, tile in sums if k > 0], n, lanes, 32),
            "write": reads_of_tiles([tile for k, tile in sums if k < r - 1], n, lanes, 32),
        }


def ledgers(layer):
    found = {
        "l_scm": l_scm_ledger(layer),
        "mcm": count([["write", "read"][code] for code in layer.numbers("mcm.r_state")]),
    }
    if layer.config["schedule"] == "sequential":
        found["dcl_u"] = dcl_ledger(layer, "dcl_u")
        found["dcl_v"] = dcl_ledger(layer, "dcl_v")
    else:
        found["dcl"] = dcl_ledger(layer, "dcl")
    if layer.config["schedule"] == "streaming":
        found["dil"] = dil_ledger(layer)
    return found


def differences(waves, result):
    """In words, where a waveform of a whole run and the JSON of `cfcsim verify` disagree."""
    found = []

    def expect(what, derived, reported):
        if derived != reported:
            found.append(f"{what}: {derived} in the wave, {reported} reported")

    images = result["images"]
    expect("cycles", len(waves.cycles()), result["cycles"]["total"])
    for number, reported in enumerate(result["layers"], 1):
        config = dict(result["config"]["layers"][str(number)])
        config.update({key: reported[key] for key in ("m", "n", "r", "schedule")})
        layer = LayerWaves(waves, number, config)
        run = l_scm_ledger(layer).get("run", 0)
        expect(f"layer {number} compute cycles", run, images * reported["compute_cycles"])
        expect(f"layer {number} controllers", ledgers(layer), reported["controllers"])
        derived = memories(layer, images)
        expect(f"layer {number} memories", set(derived), set(reported["memories"]))
        for name, memory in derived.items():
            for direction in ("read", "write"):
                moved = memory.get(direction, accesses(0, 0, 0))
                for unit, value in moved.items():
                    key = f"{direction}_{unit}"
                    expect(f"layer {number} {name} {key}", value, reported["memories"][name][key])
    return found
