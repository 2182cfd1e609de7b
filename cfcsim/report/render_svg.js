// Usage: node render_svg.js MODULES REPORT.json FOLDER
// Every chart of a report as FOLDER/<id>.svg, or none. MODULES holds vega and vega-lite.

const fs = require('fs');
const path = require('path');
const {charts} = require('./charts.js');

async function main([modules, file, folder]) {
  const [vega, vegaLite] = ['vega', 'vega-lite'].map(name => require(path.join(modules, name)));
  const drawn = [];
  for (const {id, spec} of charts(JSON.parse(fs.readFileSync(file, 'utf8')))) {
    const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), {renderer: 'none'});
    drawn.push([path.join(folder, `${id}.svg`), await view.toSVG()]);
  }
  for (const [place, svg] of drawn) fs.writeFileSync(place, svg);
}

main(process.argv.slice(2)).catch(({message}) => {
  process.stderr.write(`${message.split('\n')[0]}\n`);
  process.exitCode = 1;
});
