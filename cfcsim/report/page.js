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
    const figures = cards.map(card => flat(card[i]));
    const names = new Set(figures.flatMap(Object.keys).filter(name =>
      !['metric', 'obtained'].includes(name) && figures.some(of => (of[name] ?? null) !== null)));
    return [...names].map(name => [metric, name, ...figures.map(of => of[name]), origins(figures)]);
  });
  table(['metric', '', ...SCHEDULES, 'how it was obtained'], rows, parent);
}

function facts({compare}, parent) {
  const {network, workload} = compare;
  const subject = network
    ? [['network', network.file], ['SHA-256', network.sha256], ['dense network', compare.dense_network],
      ['split', compare.split], ['first image', compare.first_image]]
    : [['workload', workload.name], ['shapes', workload.source], ['file', workload.file], ['SHA-256', workload.sha256]];
  const rows = [...subject, ['configuration', compare.config_source], ['images', compare.images],
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
