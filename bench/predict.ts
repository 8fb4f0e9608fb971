/**
 * `npm run bench:predict`: rows a second of the shipped model in ONNX Runtime on one core, beside a model of 500 trees
 * of depth 6, the usual XGBoost classifier for this task. Both run alternately in one process, so that a busy
 * machine slows both, and the best of 40 turns of each counts. `--json` prints one JSON line, `--model <dir>` takes another model.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelManifest, ModelReference } from '../schemas/model.ts';
import { createParser } from '../schemas/parse.ts';
import { onnxBytes } from '../trainer/onnx/onnx-model.ts';
import { createRandom } from '../trainer/random.ts';
import type { FeatureRows } from '../trainer/xgboost/booster.ts';
import { findXgboost, loadXgboost } from '../trainer/xgboost/xgboost-library.ts';
import { drawRows, growUsualForest } from './drawn-rows.ts';

const PEER = { rounds: 100, maxDepth: 6 } as const;
const PEER_ROWS = 20_000;
/** Rows a call, as the worker's threads score them. */
const BLOCK_ROWS = 2000;
const BLOCKS = 2;
const TURNS = 40;

async function scoreOnce(session: InferenceSession, rows: FeatureRows): Promise<BigInt64Array> {
  const labels = new BigInt64Array(rows.rowCount);
  for (let first = 0; first < rows.rowCount; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows.rowCount - first);
    const block = rows.values.subarray(first * rows.featureCount, (first + count) * rows.featureCount);
    const { label } = await session.run({
      features: new Tensor('float32', block, [count, rows.featureCount]),
    });
    labels.set(label?.data as BigInt64Array, first);
  }
  return labels;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'fixtures/model' },
  },
});
const read = (name: string): Buffer => readFileSync(join(options.model, name));
const manifest = createParser('manifest', ModelManifest).parse(JSON.parse(read('manifest.json').toString()));
const reference = createParser('reference', ModelReference).parse(
  JSON.parse(read('reference.json').toString()),
);
const oneThread = { intraOpNumThreads: 1, interOpNumThreads: 1 } as const;
const shipped = await InferenceSession.create(read('model.onnx'), oneThread);
const random = createRandom(1, 'bench');
const peerRows = drawRows(reference, PEER_ROWS, random);
const labels = Array.from(await scoreOnce(shipped, peerRows), Number);
const library = loadXgboost(findXgboost(process.env));
const { ensemble } = growUsualForest(library, peerRows, labels, PEER.rounds);
const peer = await InferenceSession.create(onnxBytes(ensemble), oneThread);
const rows = drawRows(reference, BLOCK_ROWS * BLOCKS, random);
const rates = { shipped: [] as number[], peer: [] as number[] };
for (let turn = 0; turn < TURNS; turn += 1) {
  for (const [name, session] of [
    ['shipped', shipped],
    ['peer', peer],
  ] as const) {
    const start = performance.now();
    await scoreOnce(session, rows);
    rates[name].push((rows.rowCount / (performance.now() - start)) * 1000);
  }
}
/** The least disturbed turn: medians of a machine that others use say more about the others. */
const best = { shipped: Math.max(...rates.shipped), peer: Math.max(...rates.peer) };
const result = {
  benchmark: 'predict',
  model: manifest.version,
  trees: manifest.onnx.trees,
  rowsPerSecond: Math.round(best.shipped),
  peerTrees: PEER.rounds * 5,
  peerDepth: PEER.maxDepth,
  peerRowsPerSecond: Math.round(best.peer),
  ratio: Number((best.shipped / best.peer).toFixed(3)),
};
const line = options.json
  ? JSON.stringify(result)
  : `model ${result.model}, ${result.trees} trees: ${result.rowsPerSecond} rows/s on one core\n` +
    `500 trees of depth 6: ${result.peerRowsPerSecond} rows/s; ratio ${result.ratio}`;
process.stdout.write(`${line}\n`);
