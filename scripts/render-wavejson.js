// Usage: node render-wavejson.js WAVEDROM FILE.json FILE.svg
// Renders WaveJSON to an SVG on white ground, which forges show in dark themes, too.
const fs = require('fs');
const path = require('path');
const [folder, from, to] = process.argv.slice(2);
const wavedrom = require(path.join(folder, 'node_modules', 'wavedrom'));
const onml = wavedrom.onml;
const skin = require(path.join(folder, 'node_modules', 'wavedrom', 'skins', 'default.js'));
const drawing = wavedrom.renderAny(0, JSON.parse(fs.readFileSync(from, 'utf8')), skin);
const ground = ['rect', {width: '100%', height: '100%', fill: 'white'}];
drawing.splice(2, 0, ground);
fs.writeFileSync(to, onml.stringify(drawing) + '\n');
