// ONNX Runtime on sources as exporters and quantisers write them, beside what the importer makes of
// them: what it takes a source in real numbers to compute is what the runtime computes, and its
// integers are near; the integers of a quantised source are the runtime's wherever the importer says
// that they are. A result that is one step off is noticed.
//
// node onnx_runtime_test.mjs DUMP_IMPORTS ONNXRUNTIME COUNT
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [dumpImports, runtimeFolder, count] = process.argv.slice(2);
const ort = createRequire(join(runtimeFolder, 'package.json'))('onnxruntime-node');
const folder = mkdtempSync(join(tmpdir(), 'cfcsim-imports-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const seed = process.env.CFCSIM_TEST_SEED ?? '20240607';
execFileSync(dumpImports, [seed, count, folder], { stdio: ['ignore', 'inherit', 'inherit'] });

function floats(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function largestDifference(a, b) {
  if (a.length !== b.length) throw new Error(`${a.length} values, but ${b.length}`);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/// Integers times `step`: half a step apart is another integer.
function countDifferent(a, b, step) {
  if (a.length !== b.length) throw new Error(`${a.length} values, but ${b.length}`);
  return a.reduce((count, value, i) => count + (Math.abs(value - b[i]) > step / 2), 0);
}

function signalToNoise(signal, other) {
  const energy = signal.reduce((sum, value) => sum + value * value, 0);
  const noise = signal.reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0);
  return 10 * Math.log10(energy / noise);
}

let failures = 0;
const fail = (what) => { console.log(`FAILED: ${what}`); ++failures; };
const totals = { real: 0, leastDb: Infinity, quantised: 0, proved: 0, outputs: 0, different: 0, differentThoughProved: 0, sums: 0, sumsDifferent: 0 };

for (let i = 0; i < Number(count); ++i) {
  const here = join(folder, String(i));
  const about = JSON.parse(readFileSync(join(here, 'about.json')));
  const session = await ort.InferenceSession.create(join(here, 'source.onnx'), { logSeverityLevel: 3 });
  const x = new ort.Tensor('float32', floats(join(here, 'inputs.f32')), [about.vectors, about.inputs]);
  const theirs = (await session.run({ x }))[session.outputNames[0]].data;
  const ours = floats(join(here, 'ours.f32'));
  const what = `source ${i}, seed ${seed}`;
  if (about.real) {
    ++totals.real;
    const largest = largestDifference(floats(join(here, 'source.f32')), theirs);
    if (!(largest < 1e-4)) fail(`${what}: the importer takes it for another function, by ${largest}`);
    const db = signalToNoise(theirs, ours);
    totals.leastDb = Math.min(totals.leastDb, db);
    if (!(db > 15)) fail(`${what}: integers are ${db} dB from the source`);
    continue;
  }
  ++totals.quantised;
  const different = countDifferent(theirs, ours, about.step);
  totals.outputs += theirs.length;
  totals.different += different;
  totals.sums += about.sums_tried;
  totals.sumsDifferent += about.sums_different;
  if (about.sums_different === 0) {
    ++totals.proved;
    // Between QuantizeLinear and DequantizeLinear a runtime may compute in floats, in an order that ONNX
    // leaves open, and then rounds some sums next to a half otherwise.
    const allowed = about.floats ? theirs.length / 200 : 0;
    totals.differentThoughProved += different;
    if (different > allowed) fail(`${what}: said to be equal, but ${different} of ${theirs.length} outputs are not`);
  }
  // The comparison itself can fail: one step more is another integer.
  const off = theirs.map((value) => value + about.step);
  if (countDifferent(theirs, off, about.step) !== theirs.length) fail(`${what}: one step off is not noticed`);
}

console.log(JSON.stringify(totals));
if (totals.real === 0 || totals.proved === 0) fail('nothing was compared');
process.exitCode = failures === 0 ? 0 : 1;
