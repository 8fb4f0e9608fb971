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
import { readBoosterJson } from '../trainer/onnx/tree-ensemble.ts';
import { createRandom, type Random } from '../trainer/random.ts';
import { Booster, type FeatureRows, TrainingMatrix } from '../trainer/xgboost/booster.ts';
import { findXgboost, loadXgboost } from '../trainer/xgboost/xgboost-library.ts';

const PEER = { rounds: 100, maxDepth: 6 } as const;
const PEER_ROWS = 20_000;
/** Rows a call, as the worker's threads score them. */
const BLOCK_ROWS = 2000;
const BLOCKS = 2;
const TURNS = 40;

/** Rows drawn feature by feature from the training histograms: values and gaps as often as in training. */
function drawRows(reference: ModelReference, rowCount: number, random: Random): FeatureRows {
  const featureCount = reference.features.length;
  const values = new Float32Array(rowCount * featureCount);
  reference.features.forEach(({ edges, counts, missing, min, max }, column) => {
    const ends = [min ?? 0, ...edges, max ?? 0];
    const total = counts.reduce((sum, count) => sum + count, missing);
    for (let row = 0; row < rowCount; row += 1) {
      let lot = random.integer(total) - missing;
      let bin = 0;
      while (bin < counts.length && lot >= (counts[bin] ?? 0)) lot -= counts[bin++] ?? 0;
      const [low, high] = [ends[bin] ?? 0, ends[bin + 1] ?? 0];
      values[row * featureCount + column] = lot < 0 ? Number.NaN : low + random.next() * (high - low);
    }
  });
  return { values, rowCount, featureCount };
}

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

/** Trained on what the shipped model says of the rows: its splits lie where real splits do. */
function trainPeer(rows: FeatureRows, labels: BigInt64Array): Uint8Array {
  const library = loadXgboost(findXgboost(process.env));
  using matrix = new TrainingMatrix(library, rows, Float32Array.from(labels, Number));
  using booster = new Booster(library, [matrix], {
    objective: 'multi:softprob',
    num_class: 5,
    tree_method: 'hist',
    max_depth: PEER.maxDepth,
    min_child_weight: 0,
  });
  for (let round = 0; round < PEER.rounds; round += 1) booster.update(round, matrix);
  return onnxBytes(readBoosterJson(booster.toJson()));
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
const peer = await InferenceSession.create(
  trainPeer(peerRows, await scoreOnce(shipped, peerRows)),
  oneThread,
);
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
