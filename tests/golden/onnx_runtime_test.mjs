// ONNX Runtime, which nobody here wrote, gives the same z, activations and logits as golden, on
// every committed network with all 9,000 validation images and on random networks; and a network
// with one flipped weight bit does not.
//
// node onnx_runtime_test.mjs DUMP_INFERENCE MODELS DATA ONNXRUNTIME
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [dumpInference, models, data, runtimeFolder] = process.argv.slice(2);
const ort = createRequire(join(runtimeFolder, 'package.json'))('onnxruntime-node');
const folder = mkdtempSync(join(tmpdir(), 'cfcsim-onnx-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function dump(...args) {
  const out = join(folder, 'dump');
  rmSync(out, { recursive: true, force: true });
  execFileSync(dumpInference, [...args, out], { stdio: ['ignore', 'inherit', 'inherit'] });
  return out;
}

function readS32(file) {
  const bytes = readFileSync(file);
  return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/// Elements of all outputs that differ, and how many were compared.
async function compare(dumped, network) {
  const session = await ort.InferenceSession.create(join(dumped, network), { logSeverityLevel: 3 });
  const images = readFileSync(join(dumped, 'images.u8'));
  const logits = readS32(join(dumped, 'logits.s32'));
  const pixels = session.inputMetadata?.[0]?.shape?.[1];
  const count = images.length / pixels;
  const results = await session.run({
    image: new ort.Tensor('uint8', new Uint8Array(images), [count, pixels]),
  });
  let compared = 0;
  const different = [];
  for (const [name, tensor] of Object.entries(results)) {
    const expected = name === 'logits' ? logits : readS32(join(dumped, `${name}.s32`));
    if (expected.length !== tensor.data.length) throw new Error(`${name}: wrong size`);
    for (let i = 0; i < expected.length; ++i) {
      if (expected[i] !== tensor.data[i]) different.push(`${name}[${i}]: golden ${expected[i]}, ONNX Runtime ${tensor.data[i]}`);
    }
    compared += expected.length;
  }
  return { count, compared, different };
}

let failures = 0;
function report(what, ok, detail) {
  console.log(`${ok ? 'ok' : 'FAILED'}: ${what}: ${detail}`);
  if (!ok) ++failures;
}

const files = readdirSync(models).filter((name) => name.endsWith('.onnx')).sort();
if (files.length === 0) throw new Error(`no networks in ${models}`);
for (const file of files) {
  const dumped = dump(join(models, file), data);
  const { count, compared, different } = await compare(dumped, 'network.onnx');
  report(`${file}`, different.length === 0 && count === 9000, different[0] ?? `${count} images, ${compared} values equal`);

  const broken = await compare(dumped, 'flipped.onnx');
  report(`${file} with a flipped bit`, broken.different.length > 0, `${broken.different.length} values differ`);
}

const firstSeed = Number(process.env.CFCSIM_TEST_SEED ?? 20240607);
for (let seed = firstSeed; seed < firstSeed + 40; ++seed) {
  const dumped = dump('--random', String(seed));
  const { compared, different } = await compare(dumped, 'network.onnx');
  if (different.length > 0) report(`random network, seed ${seed}`, false, different[0]);
  else if (compared === 0) report(`random network, seed ${seed}`, false, 'nothing compared');
}
console.log(`random networks: seeds ${firstSeed} to ${firstSeed + 39}`);
process.exitCode = failures === 0 ? 0 : 1;
