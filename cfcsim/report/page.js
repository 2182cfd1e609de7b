// Fills the page: facts, tables and charts. Text goes in as text, never as markup.

const report = JSON.parse(document.getElementById('report').textContent);

function element(name, text, parent) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

const number = value => typeof value === 'number'
  ? value.toLocaleString('en', {maximumFractionDigits: Math.abs(value) < 10 ? 4 : 1}) : value ?? '-';

function table(header, rows, parent) {
  const made = element('table', undefined, parent);
  const head = element('tr', undefined, element('thead', undefined, made));
  for (const cell of header) element('th', cell, head);
  const body = element('tbody', undefined, made);
  for (const row of rows) {
    const line = element('tr', undefined, body);
    for (const cell of row) element('td', number(cell), line);
  }
}

/// What standard cells make of the schedules.
function siliconRows({technology, energy_table: table}, of) {
  const rows = [
    [`period in ${technology.name}, ns`, ...of(run => run.silicon.period_ns)],
    ['how it is known', ...of(run => run.silicon.origin)],
    ['longest path', ...of(run => `${run.silicon.slowest_layer} ${run.silicon.longest_path}`)],
    ['time of an image, cycles x period, ns', ...of(run => run.silicon.time_ns)],
    ['standard cells, um2', ...of(run => run.silicon.cells_um2)],
    ['memory macros, um2', ...of(run => run.silicon.macros_um2)]];
  if (technology.energy_error) {
    rows.push(['energy of cells and macros, pJ an image', ...of(run => run.silicon.energy.total_pj)],
      ['of it the clock of registers, pJ', ...of(run => run.silicon.energy.clock_pj)],
      ['energy x time of an image, pJ ns', ...of(run => run.silicon.energy.delay_pj_ns)]);
  }
  if (table) {
    rows.push([`energy x delay, weights on chip, ${table.unit} ns`, ...of(run => run.silicon.energy_delay.on_chip)],
      [`energy x delay, weights from DRAM, ${table.unit} ns`, ...of(run => run.silicon.energy_delay.from_dram)]);
  }
  return rows;
}

function summary({compare, layer_metrics}, parent) {
  const of = figure => SCHEDULES.map(schedule => figure(compare.schedules[schedule]));
  const rows = [
    ['mismatches', ...of(run => run.mismatches ? Object.values(run.mismatches).reduce((a, b) => a + b) : null)],
    ['cycles an image, in the stream', ...of(run => run.cycles.per_image_mean)],
    ['images a second', ...of(run => run.images_per_second)],
    ['latency of one image, ns', ...of(run => run.latency_ns)],
  ];
  if (compare.energy_table) {
    const {unit} = compare.energy_table;
    rows.push([`energy, weights on chip, ${unit}`, ...of(run => run.energy_per_image.on_chip)],
      [`energy, weights from DRAM, ${unit}`, ...of(run => run.energy_per_image.from_dram)]);
  }
  if (compare.technology) rows.push(...siliconRows(compare, of));
  const ofLayers = [];
  for (const layer of compare.schedules.streaming.layers.filter(each => each.r !== null)) {
    const here = run => run.layers.find(each => each.name === layer.name);
    for (const {key, title} of layer_metrics) ofLayers.push([`${layer.name} ${title}`, ...of(run => here(run)[key])]);
  }
  table(['', ...SCHEDULES], [...ofLayers, ...rows], parent);
}

/// {'synthesis cells': 111} for {synthesis: {cells: 111}}.
function flat(figures, group = '') {
  return Object.fromEntries(Object.entries(figures).flatMap(([key, value]) =>
    value !== null && typeof value === 'object' ? Object.entries(flat(value, `${words(key)} `)) : [[group + words(key), value]]));
}

/// The figures of a metric, each with where it is from, if the metric says so.
function withOrigins({from = {}, ...figures}) {
  const entries = Object.entries(figures).map(([key, value]) =>
    [key, from[key] && typeof value === 'number' ? `${number(value)} (${from[key]})` : value]);
  return flat(Object.fromEntries(entries));
}

/// How a metric was obtained, and, where they differ, for which schedules.
function origins(ofSchedules) {
  const schedulesOf = {};
  ofSchedules.forEach(({obtained}, i) => (schedulesOf[obtained] ??= []).push(SCHEDULES[i]));
  const known = Object.entries(schedulesOf);
  return known.length === 1 ? known[0][0] : known.map(([obtained, schedules]) => `${obtained}: ${schedules.join(', ')}`).join('; ');
}

function scorecard({compare}, parent) {
  const cards = SCHEDULES.map(schedule => compare.schedules[schedule].scorecard);
  const rows = cards[0].flatMap(({metric}, i) => {
    const figures = cards.map(card => withOrigins(card[i]));
    const names = new Set(figures.flatMap(Object.keys).filter(name =>
      !['metric', 'obtained'].includes(name) && figures.some(of => (of[name] ?? null) !== null)));
    return [...names].map(name => [metric, name, ...figures.map(of => of[name]), origins(figures)]);
  });
  table(['metric', '', ...SCHEDULES, 'how it was obtained'], rows, parent);
}

function technologyFacts({technology}) {
  if (!technology) return [];
  const percent = value => `${number(100 * value)} %`;
  const error = ({mean, worst, layers}) => `${percent(mean)} on average, ${percent(worst)} at most, of ${layers} layers held out`;
  return [['standard cells', technology.name], ['error of a fitted period', error(technology.period_error)],
    ['error of a fitted area', error(technology.area_error)],
    ...(technology.energy_error ? [['error of a fitted energy, of what switches', error(technology.energy_error)]] : [])];
}

function facts({compare}, parent) {
  const {network, workload} = compare;
  const subject = network
    ? [['network', network.file], ['SHA-256', network.sha256], ['dense network', compare.dense_network],
      ['split', compare.split], ['first image', compare.first_image]]
    : [['workload', workload.name], ['shapes', workload.source], ['file', workload.file], ['SHA-256', workload.sha256]];
  const rows = [...subject, ...technologyFacts(compare), ['configuration', compare.config_source], ['images', compare.images],
    ['version', compare.version], ...Object.entries(network ? network.metadata : {})];
  parent.className = 'long';
  table(['', ''], rows, parent);
}

const main = document.querySelector('main');
const section = title => {
  const made = element('section', undefined, main);
  element('h2', title, made);
  return made;
};
summary(report, section(report.compare.network ? 'Three schedules, the same network' : `Three schedules: ${report.compare.workload.name}`));
for (const {id, title, note, spec} of charts(report)) {
  const place = section(title);
  element('p', note, place);
  const chart = element('div', undefined, place);
  chart.id = id;
  chart.className = 'chart';
  vegaEmbed(chart, spec, {renderer: 'svg', actions: {export: true, source: false, compiled: false, editor: false}})
    .catch(error => { element('p', `not drawn: ${error}`, place).className = 'error'; });
}
scorecard(report, section('Scorecard'));
facts(report, section('What was run'));
