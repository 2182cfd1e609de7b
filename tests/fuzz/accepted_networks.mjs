// Networks that a fuzzer made and the reader accepted: ONNX Runtime gives golden's logits for the file as
// it stands, and `cfcsim verify` finds no mismatch in SystemC. Prints what was compared; exit status 1 at
// the first difference.
//
// node accepted_networks.mjs FOLDER COUNT DUMP_INFERENCE CFCSIM ONNXRUNTIME
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [accepted, most, dumpInference, cfcsim, runtimeFolder] = process.argv.slice(2);
const ort = createRequire(join(runtimeFolder, 'package.json'))('onnxruntime-node');
const folder = mkdtempSync(join(tmpdir(), 'cfcsim-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const u32 = (...values) => Buffer.from(values.flatMap((v) => [v >>> 24, (v >>> 16) & 255, (v >>> 8) & 255, v & 255]));

function fail(file, what) {
  console.log(`FAILED: ${file}: ${what}`);
  process.exit(1);
}

/// The logits of golden, and the images that they are of.
function golden(file) {
  execFileSync(dumpInference, ['--pixels', file, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  const bytes = readFileSync(join(folder, 'logits.s32'));
  const logits = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return { logits, images: readFileSync(join(folder, 'images.u8')) };
}

async function compareWithOnnxRuntime(file, { logits, images }) {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 4 })
    .catch((error) => fail(file, `ONNX Runtime refuses it: ${error.message}`));
  const count = 20;
  const pixels = images.length / count;
  const outputs = logits.length / count;
  // A declared batch size binds this runtime, if not us: then the images come in batches of that size.
  const declared = session.inputMetadata?.[0]?.shape?.[0];
  const batch = typeof declared === 'number' && declared > 0 ? declared : count;
  if (batch > 1000) return 0;
  for (let first = 0; first < count; first += batch) {
    const input = new Uint8Array(batch * pixels);
    input.set(images.subarray(first * pixels, Math.min(first + batch, count) * pixels));
    const results = await session.run({
      [session.inputNames[0]]: new ort.Tensor('uint8', input, [batch, pixels]),
    });
    const theirs = results[session.outputNames[0]].data;
    if (theirs.length !== batch * outputs) fail(file, `${theirs.length} logits, golden has ${batch * outputs}`);
    const ours = logits.subarray(first * outputs, Math.min(first + batch, count) * outputs);
    const wrong = ours.findIndex((logit, i) => logit !== theirs[i]);
    if (wrong >= 0) fail(file, `logit ${wrong}: golden ${ours[wrong]}, ONNX Runtime ${theirs[wrong]}`);
  }
  return logits.length;
}

function verifyInSystemC(file, { images }) {
  const count = 20;
  const pixels = images.length / count;
  writeFileSync(join(folder, 't10k-images-idx3-ubyte'), Buffer.concat([u32(0x803, count, 1, pixels), images]));
  writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), Buffer.concat([u32(0x801, count), Buffer.alloc(count)]));
  try {
    execFileSync(cfcsim, ['verify', '--network', file, '--data', folder, '--split', 'test'], { stdio: 'pipe' });
  } catch (error) {
    fail(file, `cfcsim verify: exit status ${error.status}: ${error.stderr}${error.stdout}`);
  }
}

const files = readdirSync(accepted).filter((name) => name.endsWith('.onnx')).sort().slice(0, Number(most));
let logits = 0;
for (const name of files) {
  const file = join(accepted, name);
  const reference = golden(file);
  logits += await compareWithOnnxRuntime(file, reference);
  verifyInSystemC(file, reference);
}
console.log(`${files.length} accepted networks: ${logits} logits equal in ONNX Runtime, 0 mismatches in SystemC`);
