// The page docs/reference/speed.md from the results of all rounds.

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const digits = (value) => (value >= 100 ? Math.round(value).toLocaleString('en-US')
  : value.toPrecision(3));
const summary = (values, unit = '') => `${digits(median(values))}${unit} | ` +
  `${digits(Math.min(...values))} to ${digits(Math.max(...values))}`;

const speed = (name) => (round) => round[name].cycles_per_second;
const milliseconds = (name) => (round) => round[name].real_time;
const ratio = (a, b) => (round) => a(round) / b(round);

// A goal: what is measured, the ratio, the bound, and whether it is a lower or an upper one.
const goals = [
  ['SystemC model / Verilated RTL, full width', ratio(speed('model/default'), speed('rtl/default')),
    'at least', 10],
  ['SystemC model / empty model with as many active processes',
    ratio(speed('model/default'), speed('empty')), 'at least', 0.5],
  ['`verify` of 9,000 images, 1 job / golden model alone',
    ratio(milliseconds('verify/9000_images_1_job'), milliseconds('golden/9000_images')),
    'at most', 15],
  ['cost of a cycle, 784 lanes / 64 lanes',
    ratio(speed('model/lanes_64'), speed('model/default')), 'at most', 1.5],
  ['`verify` of 9,000 images, 1 job / 2 jobs (time)',
    ratio(milliseconds('verify/9000_images_1_job'), milliseconds('verify/9000_images_2_jobs')),
    'at least', 1.8],
  ['SystemC model / Verilated RTL, 64 lanes', ratio(speed('model/lanes_64'), speed('rtl/lanes_64')),
    'at least', 3],
  ['calculators standing still 90 % of the time / never (cycles a second)',
    ratio(speed('model/stalls_90'), speed('model/default')), 'at least', 5],
  ['timing model: millions of layer configurations a second',
    (round) => 1e3 / round['timing_model/layer_cost'].cpu_time, 'at least', 1],
  ['`verify` of one image: start-up, ms', milliseconds('verify/1_image'), 'at most', 50],
];

function goalRow(results, [what, measure, bound, limit]) {
  const values = results.map(measure);
  const reached = bound === 'at least' ? median(values) >= limit : median(values) <= limit;
  return `| ${what} | ${bound} ${limit} | ${summary(values)} | ${reached ? 'yes' : '**no**'} |`;
}

function speedRows(results) {
  return Object.keys(results[0]).filter((name) => results[0][name].cycles_per_second)
    .map((name) => {
      const values = results.map(speed(name)).map((value) => value / 1e6);
      const active = results[0][name].active_processes ?? results[0][name].active;
      return `| \`${name}\` | ${summary(values)} | ${active ? active.toFixed(1) : ''} |`;
    });
}

function timeRows(results) {
  return Object.keys(results[0]).filter((name) => !results[0][name].cycles_per_second)
    .map((name) => {
      const unit = results[0][name].time_unit;
      const peak = results[0][name].peak_bytes;
      return `| \`${name}\` | ${summary(results.map(milliseconds(name)), ` ${unit}`)} | ` +
        `${peak ? `${Math.round(Math.max(...results.map((r) => r[name].peak_bytes)) / 1e6)} MB`
          : ''} |`;
    });
}

const parts = [
  [/dot_product|scaled/, 'dot products and running sums'],
  [/cfc::/, "the model's blocks, control and counters"],
  [/sc_core|libsystemc/, 'SystemC: kernel, signals, events'],
];

function profileRows(profile) {
  const shares = new Map();
  for (const { share, what } of profile) {
    const [, part] = parts.find(([pattern]) => pattern.test(what)) ?? [null, 'everything else'];
    shares.set(part, (shares.get(part) ?? 0) + share);
  }
  return [...shares].sort((a, b) => b[1] - a[1])
    .map(([part, share]) => `| ${part} | ${share.toFixed(1)} % |`);
}

export const speedPage = (results, profile, processor) => `# Speed

\`scripts/benchmark\` measures what stands here and writes this page; do not edit it by hand.

## Goals

Ratios of one run on one core, tracing off, the whole network; median of ${results.length} rounds, and
the lowest and the highest round.

| ratio | goal | median | spread | reached |
|---|---|---|---|---|
${goals.map((goal) => goalRow(results, goal)).join('\n')}

## Cycles a second

Millions of clock cycles a second of processor time. The configurations are those of
\`benchmarks/workload.cpp\`. *Active*: processes that run in a cycle, in the mean; the empty model
runs as many, which do nothing, in every cycle. \`traced\`: every sc_signal (handshakes
and z, neither states nor lanes) into a VCD file by SystemC itself; what \`cfcsim trace\` costs stands
under Times.

| what | median | spread | active |
|---|---|---|---|
${speedRows(results).join('\n')}

## Times

\`verify\` is the whole command: start, reading, golden model, simulation, comparison, report.
\`trace\`, too: waveforms of 10 images, of links alone, of all states with eight lanes (the default)
and with all 784.

| what | median | spread | memory peak |
|---|---|---|---|
${timeRows(results).join('\n')}

\`timing_model/layer_cost\`: one layer in closed form, all figures but no stalls. On a machine of this
class SCALE-Sim took 0.78 s and STONNE 0.13 to 0.24 s for one evaluation of such a layer.

## Where the time goes

Instructions of the simulated cycles of the default configuration, counted by callgrind:

| part | share |
|---|---|
${profileRows(profile).join('\n')}

## What limits

- A cycle in which anything happens costs the kernel's timed event, a look at every process that the
  clock wakes, asleep or not, and the update of each signal that changes.
- The cheaper a cycle with 64 lanes becomes, the further 784 lanes are from it: in 12 of 13 cycles of
  such an operation only one tile is added, and nothing else runs.
- Cycles in which every block sleeps cost nothing, not even the clock. But a machine whose every tile
  waits ten cycles is stepped (AccessMem, MAC, Write), and its blocks, links and signals work as often
  for a result as those of a stepped machine that never waits: the waiting can be left out, that work
  cannot.
- Link-time optimisation gains 2 to 6 % more cycles a second (\`-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON\`
  at configuration; three runs), since most of a cycle is spent in SystemC's own library and behind
  virtual calls. That is not worth a longer build to most, so it is off.

## Method

Processor: ${processor}. A round runs every benchmark once, each in a process of its own, for at least
0.4 s of processor time (Google Benchmark); a ratio is taken within a round, so that a machine that
is slow for a while slows both of its sides. The SystemC model streams 200 images with nothing
listening. The Verilated RTL is built with \`verilator -O3\` and \`-O3\`, is offered one image for ever
and driven by bare clock edges; Icarus runs the exported bench on 5 images.
`;
