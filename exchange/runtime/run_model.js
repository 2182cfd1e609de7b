// What ONNX Runtime computes of a model: its first output, a row an input vector.
//
// node run_model.js RUNTIME MODEL INPUTS ROWS COLUMNS OUTPUTS
//
// RUNTIME is the folder whose node_modules has onnxruntime-node; INPUTS and OUTPUTS hold doubles.
const {readFileSync, writeFileSync} = require('node:fs');
const {createRequire} = require('node:module');
const {join} = require('node:path');

const [runtime, model, inputs, rowsText, columnsText, outputs] = process.argv.slice(2);
const ort = createRequire(join(runtime, 'package.json'))('onnxruntime-node');
const [rows, columns] = [Number(rowsText), Number(columnsText)];

const ARRAYS = {float32: Float32Array, float64: Float64Array, uint8: Uint8Array, int8: Int8Array,
  int32: Int32Array, int64: BigInt64Array};

function doublesOf(file) {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/// How many vectors a run takes, and the dimensions of its input. A batch that the model fixes is
/// filled up; one that it leaves open takes all there are.
function batchOf(shape) {
  const fixed = size => typeof size === 'number' && size > 0;
  const inner = shape.slice(1);
  if (shape.length > 0 && fixed(shape[0]) && shape.every(fixed) && shape.reduce((a, b) => a * b) === columns) {
    return {vectors: 1, dims: shape};  // no dimension counts vectors
  }
  const vectors = fixed(shape[0]) ? shape[0] : rows;
  return {vectors, dims: [vectors, ...(inner.every(fixed) ? inner : [columns])]};
}

function tensorOf(type, values, dims) {
  const make = ARRAYS[type];
  if (!make) throw new Error(`inputs of type ${type} are not given`);
  const data = type === 'int64' ? BigInt64Array.from(Array.from(values, BigInt)) : make.from(values);
  return new ort.Tensor(type, data, dims);
}

async function main() {
  const session = await ort.InferenceSession.create(model, {logSeverityLevel: 4});
  const [{name, type, shape}] = session.inputMetadata;
  const {vectors, dims} = batchOf(shape);
  const all = doublesOf(inputs);
  const results = [];
  for (let row = 0; row < rows; row += vectors) {
    const count = Math.min(vectors, rows - row);
    const values = new Float64Array(vectors * columns);
    values.set(all.subarray(row * columns, (row + count) * columns));
    const {[session.outputNames[0]]: result} = await session.run({[name]: tensorOf(type, values, dims)});
    const width = result.data.length / vectors;
    results.push(Float64Array.from(result.data.slice(0, count * width), Number));
  }
  const length = results.reduce((sum, part) => sum + part.length, 0);
  const flat = new Float64Array(length);
  let at = 0;
  for (const part of results) {
    flat.set(part, at);
    at += part.length;
  }
  writeFileSync(outputs, new Uint8Array(flat.buffer));
}

main().catch(error => {
  console.error(error.message);
  process.exit(1);
});
