// Usage: node render_svg.js REPORT.json FOLDER
// Every chart of a report as FOLDER/<id>.svg. NODE_PATH holds vega and vega-lite.

const fs = require('fs');
const path = require('path');
const {charts} = require('./charts.js');

async function main([file, folder]) {
  const [vega, vegaLite] = [require('vega'), require('vega-lite')];
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const {id, spec} of charts(report)) {
    const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), {renderer: 'none'});
    fs.writeFileSync(path.join(folder, `${id}.svg`), await view.toSVG());
  }
}

main(process.argv.slice(2));
