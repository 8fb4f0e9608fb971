/**
 * `npm run bench:forest`: rows a second of the forest kernel, of onnxruntime-node and of XGBoost's own predictor
 * (libxgboost, without what making its matrix takes), on forests of 100, 500 and 1,345 trees of depth 6 and on the
 * shipped model. All take turns in one process, so that a busy machine slows all; medians of the turns
 * count (of one thread beside two, the best).
 * `--json` prints one JSON line, `--model <dir>` takes another model, `--turns <n>` more or fewer turns.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createExplainer } from '../core/forest/explain.ts';
import { createForestKernel } from '../core/forest/forest-kernel.ts';
import { readForest } from '../core/forest/read-forest.ts';
import { ModelReference } from '../schemas/model.ts';
import { createParser } from '../schemas/parse.ts';
import { onnxBytes } from '../trainer/onnx/onnx-model.ts';
import { createRandom } from '../trainer/random.ts';
import { Booster, type FeatureRows, TrainingMatrix } from '../trainer/xgboost/booster.ts';
import { findXgboost, loadXgboost } from '../trainer/xgboost/xgboost-library.ts';
import { forestKernelModule } from '../worker/adapters/forest-scorer.ts';
import { drawRows, growUsualForest, withCovers } from './drawn-rows.ts';
import type { ThreadRates } from './forest-thread.ts';
import { startThreadPair } from './forest-thread-pair.ts';
import { median } from './median.ts';

/** A tree a round and grade: 100, 500 and 1,345 trees. */
const ROUNDS = [20, 100, 269] as const;
const BATCHES = [1, 64, 4096] as const;
const TRAINING_ROWS = 20_000;
const CLASSES = 5;
/** One turn of one engine. */
const TURN_MS = 40;
/** A turn ends here too: XGBoost's matrices are not timed, and take longer than a prediction of one row. */
const TURN_WALL_MS = 150;
const THREAD_TURN_MS = 60;
const THREAD_TURNS = 30;
const EXPLANATIONS = 300;
/** What the summary is of. */
const SUMMARY = { trees: 500, batch: 4096 } as const;

/** Prepares a call on the rows; what is timed is the call. */
interface Engine {
  readonly name: string;
  prepare(rows: FeatureRows): () => unknown;
}

interface Line {
  readonly model: string;
  readonly batch: number;
  /** Median rows a second; absent for an engine that does not run the model. */
  readonly rates: Readonly<Record<string, number>>;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'fixtures/model' },
    turns: { type: 'string', default: '7' },
  },
});
const turns = Number(options.turns);
const library = loadXgboost(findXgboost(process.env));
const random = createRandom(1, 'bench');
const shipped = readFileSync(join(options.model, 'model.onnx'));
const reference = createParser('reference', ModelReference).parse(
  JSON.parse(readFileSync(join(options.model, 'reference.json'), 'utf8')),
);

function kernelEngine(onnx: Uint8Array): Engine {
  const kernel = createForestKernel(forestKernelModule(), readForest(onnx));
  return {
    name: 'kernel',
    prepare({ values, rowCount }) {
      const scores = new Float32Array(rowCount * CLASSES);
      return () => kernel.scoreInto(values, rowCount, scores);
    },
  };
}

async function onnxEngine(onnx: Uint8Array): Promise<Engine> {
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  return {
    name: 'onnxruntime',
    prepare: ({ values, rowCount, featureCount }) => {
      return () =>
        session.run({ features: new Tensor('float32', values, [rowCount, featureCount]) }, ['probabilities']);
    },
  };
}

/** A matrix keeps what was predicted of it, so each call has a fresh one. */
function xgboostEngine(json: string, threads: number): Engine {
  const booster = new Booster(library, [], { nthread: threads });
  booster.load(json);
  return {
    name: threads === 1 ? 'xgboost' : `xgboost${threads}`,
    prepare(rows) {
      const matrix = new TrainingMatrix(library, rows);
      return () => {
        booster.predict(matrix, CLASSES);
        matrix[Symbol.dispose]();
      };
    },
  };
}

/** Mean milliseconds of a call, over as many as fit into a turn. */
async function turn(engine: Engine, rows: FeatureRows): Promise<number> {
  let spent = 0;
  let calls = 0;
  const start = performance.now();
  while (spent < TURN_MS && performance.now() - start < TURN_WALL_MS) {
    const call = engine.prepare(rows);
    const begin = performance.now();
    await call();
    spent += performance.now() - begin;
    calls += 1;
  }
  return spent / calls;
}

async function measure(model: string, engines: readonly Engine[], batch: number): Promise<Line> {
  const rows = drawRows(reference, batch, random);
  const times = new Map(engines.map(({ name }) => [name, [] as number[]]));
  for (let index = 0; index <= turns; index += 1) {
    for (const engine of engines) {
      const milliseconds = await turn(engine, rows);
      // The first turn warms up.
      if (index > 0) times.get(engine.name)?.push(milliseconds);
    }
  }
  const rates = [...times].map(([name, spent]) => [name, (batch / median(spent)) * 1000] as const);
  return { model, batch, rates: Object.fromEntries(rates) };
}

function rounded(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}

async function labelsOf(rows: FeatureRows): Promise<number[]> {
  const session = await InferenceSession.create(shipped);
  const { values, rowCount, featureCount } = rows;
  const { label } = await session.run({ features: new Tensor('float32', values, [rowCount, featureCount]) });
  return Array.from(label?.data as BigInt64Array, Number); // int64 by the model contract
}

/**
 * How much more two kernel threads do than one, in turns. By the clock the best turns count: two threads need two idle
 * cores. Where other programs keep a core busy, the processor's time tells what two would do.
 */
async function threadRatios(onnx: Uint8Array): Promise<ThreadRates> {
  const rows = drawRows(reference, SUMMARY.batch, random);
  const pair = await startThreadPair({ onnx, features: rows.values, rowCount: rows.rowCount });
  const one: ThreadRates[] = [];
  const two: ThreadRates[] = [];
  for (let index = 0; index < THREAD_TURNS; index += 1) {
    one.push(await pair.measure(1, THREAD_TURN_MS));
    two.push(await pair.measure(2, THREAD_TURN_MS));
  }
  await pair.stop();
  const best = (turns: readonly ThreadRates[]) => Math.max(...turns.map(({ byTheClock }) => byTheClock));
  const usual = (turns: readonly ThreadRates[]) => median(turns.map((turn) => turn.ofProcessorTime));
  return { byTheClock: best(two) / best(one), ofProcessorTime: usual(two) / usual(one) };
}

/** Median milliseconds of explaining one row by the shipped model. */
function explanationMs(): number {
  const { explain } = createExplainer(forestKernelModule(), withCovers(readForest(shipped)));
  const { values, featureCount } = drawRows(reference, EXPLANATIONS, random);
  const spent = Array.from({ length: EXPLANATIONS }, (_, row) => {
    const begin = performance.now();
    explain(values.subarray(row * featureCount, (row + 1) * featureCount));
    return performance.now() - begin;
  });
  return median(spent);
}

const trainingRows = drawRows(reference, TRAINING_ROWS, random);
const labels = await labelsOf(trainingRows);
const lines: Line[] = [];
let threads: ThreadRates = { byTheClock: Number.NaN, ofProcessorTime: Number.NaN };
for (const rounds of ROUNDS) {
  const { ensemble, json } = growUsualForest(library, trainingRows, labels, rounds);
  const onnx = onnxBytes(ensemble);
  const engines = [
    kernelEngine(onnx),
    await onnxEngine(onnx),
    xgboostEngine(json, 1),
    xgboostEngine(json, 2),
  ];
  const name = `${ensemble.treeCount} x depth 6`;
  for (const batch of BATCHES) lines.push(await measure(name, engines, batch));
  if (ensemble.treeCount === SUMMARY.trees) threads = await threadRatios(onnx);
}
const shippedEngines = [kernelEngine(shipped), await onnxEngine(shipped)];
for (const batch of BATCHES) lines.push(await measure('shipped', shippedEngines, batch));

function ratesOf(model: string, batch: number): Line['rates'] {
  return lines.find((line) => line.model === model && line.batch === batch)?.rates ?? {};
}
const ratio = (one = Number.NaN, other = Number.NaN): number => rounded(one / other);
const many = ratesOf(`${SUMMARY.trees} x depth 6`, SUMMARY.batch);
const single = ratesOf(`${SUMMARY.trees} x depth 6`, 1);
const ofShipped = ratesOf('shipped', SUMMARY.batch);
const result = {
  benchmark: 'forest',
  kernelOverOnnxruntime: ratio(many['kernel'], many['onnxruntime']),
  kernelOverXgboost: ratio(many['kernel'], many['xgboost']),
  kernelOverXgboostOfTwoThreads: ratio(many['kernel'], many['xgboost2']),
  /** Latency over latency: below 1 is faster. */
  singleRowOverOnnxruntime: ratio(single['onnxruntime'], single['kernel']),
  singleRowOverXgboost: ratio(single['xgboost'], single['kernel']),
  twoThreadsOverOne: rounded(threads.byTheClock),
  twoThreadsOverOneOfProcessorTime: rounded(threads.ofProcessorTime),
  shippedOverOnnxruntime: ratio(ofShipped['kernel'], ofShipped['onnxruntime']),
  kernelRowsPerSecond: rounded(many['kernel'] ?? Number.NaN, 0),
  shippedRowsPerSecond: rounded(ofShipped['kernel'] ?? Number.NaN, 0),
  explanationMs: rounded(explanationMs()),
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  node: process.version,
  xgboost: library.version,
};

function table(): string {
  const engines = ['kernel', 'onnxruntime', 'xgboost', 'xgboost2'];
  const cell = (rate: number | undefined): string =>
    (rate === undefined ? '-' : Math.round(rate).toLocaleString('en')).padStart(13);
  const head = `${'rows a second'.padEnd(18)}${'batch'.padStart(6)}${engines.map((name) => name.padStart(13)).join('')}`;
  const body = lines.map(
    ({ model, batch, rates }) =>
      `${model.padEnd(18)}${String(batch).padStart(6)}${engines.map((name) => cell(rates[name])).join('')}`,
  );
  const { kernelOverOnnxruntime, kernelOverXgboost, singleRowOverOnnxruntime, twoThreadsOverOne } = result;
  return [
    head,
    ...body,
    `500 trees, one core, 4,096 rows: ${kernelOverOnnxruntime} x onnxruntime, ${kernelOverXgboost} x XGBoost`,
    `a single row: ${singleRowOverOnnxruntime} of the time of onnxruntime`,
    `two threads: ${twoThreadsOverOne} x one by the clock, ` +
      `${result.twoThreadsOverOneOfProcessorTime} x of the processor's time`,
    `explaining one row of the shipped model: ${result.explanationMs} ms`,
  ].join('\n');
}

process.stdout.write(`${options.json ? JSON.stringify(result) : table()}\n`);
