// The charts of a report as Vega-Lite specifications, for the page and for SVG files alike.
// `report` is what cfcsim/report/report_command.cpp puts together: {compare, sweep, platform}.

const SCHEDULES = ['dense', 'sequential', 'streaming'];
const SCHEDULE_COLOURS = {domain: SCHEDULES, range: ['#8a8f98', '#e39c37', '#2f6fb5']};
const STATE_COLOURS = {
  domain: ['Load', 'Write', 'Read', 'Run', 'Compute', 'Multiply', 'Accumulate', 'Wait', 'Send'],
  range: ['#b9d7a8', '#d9c2e8', '#e9e4f0', '#2f6fb5', '#5b9bd5', '#8cbce6', '#bdd9f2', '#d9534f',
    '#6aa84f'],
};
/// In the order in which an image meets them.
const CONTROLLERS = {l_scm: 'L-SCM', dcl: 'DCL', dil: 'DIL', dcl_u: 'DCL over U', dcl_v: 'DCL over V', mcm: 'MCM'};

const words = name => name.replaceAll('_', ' ');
const bySchedule = (extra = {}) =>
  ({field: 'schedule', type: 'nominal', sort: SCHEDULES, title: null, ...extra});
const quantity = (field, title, extra = {}) => ({field, type: 'quantitative', title, ...extra});
const header = (field, sort) => ({field, type: 'nominal', title: null, sort});
const layersOf = compare => compare.schedules.streaming.layers.map(layer => layer.name);
const grid = (compare, field, columns) => ({column: header(field, columns), row: header('layer', layersOf(compare))});

/// A bar for each schedule with its figure beside it.
const labelledBars = (field, title, format = ',') => ({
  width: 300, height: 110,
  encoding: {y: bySchedule(), x: quantity(field, title, {axis: {tickCount: 5}})},
  layer: [
    {mark: {type: 'bar', tooltip: true}, encoding: {color: {field: 'schedule', scale: SCHEDULE_COLOURS, legend: null}}},
    {mark: {type: 'text', align: 'left', dx: 4}, encoding: {text: quantity(field, null, {format})}}],
});

/// [{schedule, run}] of the comparison as configured.
const runsOf = compare => SCHEDULES.map(schedule => ({schedule, run: compare.schedules[schedule]}));

/// A row for each layer that the schedules compute differently.
function layerRows(compare, make) {
  const differing = compare.schedules.streaming.layers.filter(layer => layer.r !== null).map(layer => layer.name);
  return runsOf(compare).flatMap(({schedule, run}) =>
    run.layers.filter(layer => differing.includes(layer.name))
      .flatMap(layer => [].concat(make(layer, run)).map(row => ({schedule, layer: layer.name, ...row}))));
}

function operations(compare) {
  const values = layerRows(compare, layer => [
    {what: 'operations', count: layer.operations}, {what: 'compute cycles', count: layer.compute_cycles}]);
  return {
    id: 'operations', title: 'Operations and cycles',
    note: 'One input vector in each factorised layer. Dense makes n dot products, sequential r + n; streaming ' +
      'adds z_k V[k,:] while it makes the next z: r + 1. Cycles are those in Run.',
    spec: {
      data: {values},
      facet: grid(compare, 'what', ['operations', 'compute cycles']),
      spec: labelledBars('count', null),
      resolve: {scale: {x: 'independent'}},
    },
  };
}

function gantt(compare) {
  const rowOf = span => `${span.layer} ${CONTROLLERS[span.controller]}`;
  const values = runsOf(compare).flatMap(({schedule, run}) => run.timeline
    .filter(span => span.state !== 'Idle')
    .map(span => ({schedule, row: rowOf(span), ...span, end: span.last_cycle + 1})));
  const rows = layersOf(compare).flatMap(layer => Object.values(CONTROLLERS).map(name => `${layer} ${name}`));
  return {
    id: 'gantt', title: 'Who works when',
    note: 'States of all controllers while one image goes through, from the SystemC model; Idle is left ' +
      'blank. In streaming DCL and DIL work at the same time; in sequential DCL over V waits for the last z.',
    spec: {
      data: {values},
      facet: {row: header('schedule', SCHEDULES)},
      spec: {
        width: 690, height: {step: 15},
        mark: {type: 'bar', tooltip: true},
        encoding: {
          y: {field: 'row', type: 'nominal', sort: rows, title: null, axis: {grid: true}},
          x: quantity('first_cycle', 'cycle', {axis: {grid: false}}), x2: {field: 'end'},
          color: {field: 'state', type: 'nominal', scale: STATE_COLOURS, legend: {title: 'state', orient: 'bottom'}},
          tooltip: ['row', 'state', 'first_cycle', 'last_cycle'].map(field => ({field})),
        },
      },
      resolve: {scale: {y: 'independent'}},
    },
  };
}

function accesses(compare) {
  const values = layerRows(compare, (layer, run) => Object.entries(layer.memories).flatMap(([memory, of]) => [
    {memory, access: 'read', bits: of.read_bits / run.images},
    {memory, access: 'written', bits: of.write_bits / run.images}]));
  return {
    id: 'accesses', title: 'What the memories deliver',
    note: 'Bits read from and written to each memory for one image, in each factorised layer.',
    spec: {
      data: {values},
      facet: grid(compare, 'access', ['read', 'written']),
      spec: {
        width: 300, height: 110, mark: {type: 'bar', tooltip: true},
        encoding: {y: bySchedule(), x: quantity('bits', 'bits an image', {aggregate: 'sum'}),
          color: {field: 'memory', type: 'nominal', title: 'memory'}},
      },
      resolve: {scale: {x: 'independent'}},
    },
  };
}

function peaks(compare) {
  const rows = (where, schedules) => layerRows({schedules}, layer => (
    {where, bits: layer.peak_bits_per_cycle, cycles: layer.compute_cycles}));
  const values = [...rows('as configured', compare.schedules),
    ...rows('equal bandwidth', compare.equal_bandwidth.schedules)];
  const bars = (field, title) => ({
    data: {values},
    facet: grid(compare, 'where', ['as configured', 'equal bandwidth']),
    spec: labelledBars(field, title),
  });
  return {
    id: 'peaks', title: 'Bandwidth: the price of r + 1',
    note: 'The most bits that the memories of a layer move in one cycle, and the cycles of Run: with the ' +
      'lanes of the configuration (streaming has V-MC beside U-MC, so more multipliers), and with as many lanes as keep the peak of Run within the same budget.',
    spec: {vconcat: [bars('bits', 'peak bits a cycle'), bars('cycles', 'compute cycles')]},
  };
}

function stalls(compare) {
  const values = runsOf(compare).flatMap(({schedule, run}) => run.layers.flatMap(layer =>
    Object.entries(layer.stalls).map(([cause, cycles]) =>
      ({schedule, layer: layer.name, cause, cycles: cycles / run.images}))));
  return {
    id: 'stalls', title: 'Where cycles are lost',
    note: 'Cycles an image in which a controller waits, by cause, in the stream of images.',
    spec: {
      data: {values}, width: 620, height: {step: 24}, mark: {type: 'bar', tooltip: true},
      encoding: {y: bySchedule(), x: quantity('cycles', 'cycles an image', {aggregate: 'sum'}),
        color: {field: 'cause', type: 'nominal', title: 'cause'},
        row: header('layer', layersOf(compare))},
    },
  };
}

function energy(compare) {
  const scenarios = {on_chip: 'weights on chip', from_dram: 'weights from DRAM'};
  const values = runsOf(compare).flatMap(({schedule, run}) => run.layers.flatMap(layer =>
    Object.entries(scenarios).flatMap(([key, scenario]) => {
      const {memories, multiplies, adds, links, dram} = layer.energy_per_image[key];
      return Object.entries({...memories, multiplies, adds, links: links || 0, dram})
        .map(([part, amount]) => ({schedule, scenario, part, energy: amount}));
    })));
  const unit = compare.energy_table.unit;
  return {
    id: 'energy', title: 'Energy',
    note: `Dynamic energy of one image in the whole network, table ${compare.energy_table.name}; no leakage, ` +
      `no clock tree. From DRAM: weights fetched once for ${compare.batch} image(s).`,
    spec: {
      data: {values},
      facet: {column: header('scenario', Object.values(scenarios))},
      spec: {
        width: 300, height: 110, mark: {type: 'bar', tooltip: true},
        encoding: {y: bySchedule(), x: quantity('energy', `${unit} an image`, {aggregate: 'sum'}),
          color: {field: 'part', type: 'nominal', title: 'part', scale: {scheme: 'tableau20'}}},
      },
      resolve: {scale: {x: 'independent'}},
    },
  };
}

function roofline(compare) {
  const points = layerRows(compare, layer => ({...layer.roofline}));
  const lines = layerRows(compare, ({roofline: roof}) => [0.1, 0.25, 0.5, 1, 2, 4, 10].map(intensity => ({
    operations_per_byte: intensity,
    operations_per_cycle: Math.min(roof.peak_operations_per_cycle, intensity * roof.bytes_per_cycle)})));
  const x = quantity('operations_per_byte', 'operations a byte', {scale: {type: 'log'}});
  const y = quantity('operations_per_cycle', 'operations a cycle', {scale: {type: 'log'}});
  const color = {field: 'schedule', type: 'nominal', scale: SCHEDULE_COLOURS, title: 'schedule'};
  return {
    id: 'roofline', title: 'Roofline',
    note: 'A multiplication and an addition are two operations. The roof: what the memories can deliver at ' +
      'that intensity, and what the multipliers can do; the point: what the layer does.',
    spec: {
      width: 620, height: 260,
      layer: [
        {data: {values: lines}, mark: {type: 'line', strokeDash: [4, 3]},
          encoding: {x, y, color, detail: {field: 'layer'}}},
        {data: {values: points}, mark: {type: 'point', filled: true, size: 110, tooltip: true},
          encoding: {x, y, color, shape: {field: 'layer', type: 'nominal', title: 'layer'}}}],
    },
  };
}

/// What standard cells make of cycles: the machine with the fewest need not be the fastest.
function silicon(compare) {
  const measures = {
    'cycles an image': run => run.cycles.per_image_mean, 'period, ns': run => run.silicon.period_ns,
    'time of an image, ns': run => run.silicon.time_ns, 'cells and memories, um2': run => run.silicon.area_um2,
    ...(compare.technology.energy_error &&
      {'energy of an image in both, pJ': run => run.silicon.energy.total_pj})};
  const values = runsOf(compare).flatMap(({schedule, run}) =>
    Object.entries(measures).map(([measure, of]) => ({schedule, measure, amount: of(run)})));
  return {
    id: 'silicon', title: 'Clock, time, area and energy',
    note: `As configured, in standard cells ${compare.technology.name}: the period is the longest path of the slowest ` +
      'layer, the time is cycles x period; wires are in neither.',
    spec: {
      data: {values},
      facet: {field: 'measure', type: 'nominal', title: null, sort: Object.keys(measures)}, columns: 2,
      spec: labelledBars('amount', null, ',.4~s'),
      resolve: {scale: {x: 'independent'}},
    },
  };
}

/// Points with what is common to all of them again.
const whole = (points, common, names) =>
  points.map(point => ({...Object.fromEntries(names.map(name => [name, common[name]])), ...point}));

/// An axis over a figure of points, logarithmic where it spans much.
function axisOver(values, field, title) {
  const numbers = values.map(point => point[field]);
  // Not Math.min(...numbers), which takes no more arguments than the stack holds.
  const lowest = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  const wide = lowest > 0 && highest > 30 * lowest;
  return quantity(field, title, {scale: wide ? {type: 'log'} : {zero: false}});
}

/// The designs that standard cells make fast or small; null where the sweep had no technology.
function timeAndArea({points, common}) {
  const axes = ['time_ns', 'area_um2'];
  const values = whole(points, common, [...axes, 'cells_um2', 'period_ns', 'cycles_per_image', 'on_time_area_front'])
    .filter(point => axes.every(name => typeof point[name] === 'number'));
  if (values.length === 0) return null;
  const x = axisOver(values, 'time_ns', 'time of an image, ns');
  const y = axisOver(values, 'area_um2', 'cells and memories, um2');
  const onFront = {filter: 'datum.on_time_area_front'};
  return {
    id: 'time_area', title: 'Time and area of the designs',
    note: 'Time is cycles x period in standard cells, area that of their logic and of their memories as macros. On the ' +
      'line: the designs that no other one beats in both.',
    spec: {
      data: {values}, width: 600, height: 360,
      layer: [
        {mark: {type: 'point', filled: true, size: 24, color: '#7f9cbb', opacity: 0.7},
          encoding: {x, y, tooltip: tooltips(values, axes)}},
        {transform: [onFront], mark: {type: 'line', interpolate: 'step-after', color: '#d9534f'},
          encoding: {x, y, order: {field: 'time_ns', type: 'quantitative'}}},
        {transform: [onFront], mark: {type: 'point', filled: true, size: 90, color: '#d9534f'},
          encoding: {x, y, tooltip: tooltips(values, axes)}}],
    },
  };
}

/// `points` hold what differs between them, `common` the rest.
function sweep({points, common, metrics, designs}) {
  const axes = [...new Set([...metrics, 'cycles_per_image', 'multipliers'])].slice(0, Math.max(2, metrics.length));
  // Where all points are on the front, or none, that is common to them, too.
  const values = whole(points, common, [...axes, 'on_front'])
    .map(point => ({...point, front: point.on_front ? 'Pareto front' : 'other'}));
  const several = points.some(point => 'network_file' in point);
  const {energy_table: table, energy_unit: unit, weights} = {...common, ...points[0]};
  const title = field => words(field) + (field.startsWith('energy') ? `, ${unit}` : '');
  const axis = field => axisOver(values, field, title(field));
  const isFront = (yes, no) => ({condition: {test: 'datum.on_front', value: yes}, value: no});
  return {
    id: 'sweep', title: 'Designs',
    note: `${values.length === designs ? designs : `${values.length} of ${designs}`} designs of the sweep; the front is over ${metrics.map(words).join(', ')}. Point at one ` +
      'for its configuration; drag to move, turn the wheel to zoom.' +
      (table ? ` Energy: table ${table}, in ${unit}, weights ${words(weights)}; dynamic only.` : ''),
    spec: {
      data: {values}, width: 600, height: 360,
      params: [{name: 'zoom', select: 'interval', bind: 'scales'}],
      mark: {type: 'point', filled: true},
      encoding: {
        x: axis(axes[0]), y: axis(axes[1]),
        color: several ? {field: 'network_file', type: 'nominal', legend: {title: 'network', orient: 'bottom', columns: 2, labelLimit: 300}}
          : {field: 'front', type: 'nominal', title: null, scale: {domain: ['Pareto front', 'other'], range: ['#d9534f', '#9fb6cd']}},
        size: isFront(120, 16), opacity: isFront(1, 0.45), stroke: isFront('black', null),
        order: {field: 'on_front', type: 'ordinal'},
        tooltip: tooltips(values, axes),
      },
    },
  };
}

/// Every field of the points that differs between them, the most important first.
function tooltips(values, first) {
  const fields = [...new Set([...first, ...values.flatMap(Object.keys)])];
  return fields.filter(name => !['front', 'on_front', 'on_time_area_front'].includes(name)).map(name => ({field: name.replaceAll('.', '\\.'), title: name}));
}

/// Latency against load, and against throughput, of every machine of `cfcsim platform --experiment load`.
function platformLoad({runs}) {
  const values = runs.filter(run => run.load !== undefined).map(run => ({
    machine: `${run.accelerators} x, batch ${run.batch}`, load: run.load,
    throughput: run.throughput_images_per_second, queue: run.queue.mean,
    ...Object.fromEntries(['p50', 'p95', 'p99', 'max'].map(name => [name, run.latency[`${name}_ns`] / 1000]))}));
  const machines = [...new Set(values.map(({machine}) => machine))];
  const latency = quantity('p99', 'p99 latency, us', {scale: {type: 'log'}});
  const curve = x => ({
    width: 300, height: 280, mark: {type: 'line', point: true, tooltip: true},
    encoding: {x, y: latency, order: {field: 'load', type: 'quantitative'},
      color: {field: 'machine', type: 'nominal', sort: machines, title: 'accelerators'},
      tooltip: ['machine', 'load', 'throughput', 'p50', 'p95', 'p99', 'max', 'queue'].map(field => ({field}))},
  });
  return {
    title: 'Latency, load and throughput of the platform',
    note: 'Poisson arrivals; load is the share of what the machine does back to back. Latency is from an ' +
      'image\'s arrival to its interrupt served.',
    spec: {data: {values}, hconcat: [
      curve(quantity('load', 'load')), curve(quantity('throughput', 'images a second', {axis: {format: '~s'}}))]},
  };
}

/// Bars for every case of an experiment of `cfcsim platform`; a case is named "group, what".
function platformBars({runs}, title, note) {
  const sum = parts => Object.values(parts).reduce((a, b) => a + b, 0);
  const measures = run => ({
    'cycles an image': run.cycles_per_image,
    'bytes to and from memory': run.memory.read_bytes_per_image + run.memory.written_bytes_per_image,
    'nJ an image': sum(run.energy_per_image_pj) / 1000});
  const values = runs.flatMap(run => {
    const [group, ...what] = run.name.split(', ');
    return Object.entries(measures(run)).map(([measure, amount]) => ({group, what: what.join(', '), measure, amount}));
  });
  const groups = [...new Set(values.map(({group}) => group))];
  return {
    title, note,
    spec: {
      data: {values},
      facet: {column: header('measure', Object.keys(measures(runs[0])))},
      spec: {
        width: 200, height: {step: 12, for: 'offset'}, mark: {type: 'bar', tooltip: true},
        encoding: {y: {field: 'what', type: 'nominal', sort: null, title: null},
          yOffset: {field: 'group', sort: groups}, x: quantity('amount', null, {axis: {tickCount: 4, format: '~s'}}),
          color: {field: 'group', type: 'nominal', sort: groups, title: null, legend: {orient: 'bottom'}}},
      },
      resolve: {scale: {x: 'independent'}},
    },
  };
}

const PLATFORM = {
  load: platformLoad,
  placement: result => platformBars(result, 'Where weights and z live',
    'Back to back. Weights on chip, or fetched from DRAM for every image or batch; unfused: z goes to DRAM and back.'),
  parallel: result => platformBars(result, 'Several accelerators',
    'Back to back. Accelerators that share images, or layers.'),
  run: result => platformBars(result, 'The platform', 'One run.'),
};

/// [{id, title, note, spec}]
function charts(report) {
  const {compare} = report;
  const hasTimeline = runsOf(compare).some(({run}) => run.timeline.length > 0);
  const shown = [operations, hasTimeline && gantt, peaks, accesses, stalls, compare.energy_table && energy, compare.technology && silicon, roofline];
  const all = shown.filter(Boolean).map(chart => chart(compare));
  if (report.sweep) all.push(sweep(report.sweep), ...[timeAndArea(report.sweep)].filter(Boolean));
  (report.platform || []).forEach((result, i) =>
    all.push({id: `platform_${i + 1}_${result.experiment}`, ...PLATFORM[result.experiment](result)}));
  for (const chart of all) {
    chart.spec = {$schema: 'https://vega.github.io/schema/vega-lite/v5.json', background: 'white',
      config: {font: 'system-ui, sans-serif', view: {stroke: null}, axis: {domainColor: '#ccc', tickColor: '#ccc'},
        header: {labelFontSize: 12, labelFontWeight: 'bold'}}, ...chart.spec};
  }
  return all;
}

if (typeof module !== 'undefined') module.exports = {charts};
