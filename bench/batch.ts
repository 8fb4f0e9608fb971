/**
 * `npm run bench:batch`: S3 to S3, with and without items in DynamoDB, by one thread and by two, with a model of 500 trees of
 * depth 6. A worker of its own process takes jobs from the embedded SQS and S3 as any worker does; writes of items are
 * accepted by a stub, so that our side is measured. Beside it runs the usual script in Python (pyarrow and XGBoost, local files).
 *
 * Two rates: rows a second by the clock, which the servers and the submission beside the worker slow where they share its
 * cores, and rows a second of processor time, all of the worker's threads and its event loop together: what one core does.
 * All take turns, each turn of ours in a new worker that has graded a small job before; medians count.
 *
 * `--json` prints one JSON line; `--turns <n>`; `--large <millions of rows>` (0: none); `--python <program>` that has
 * pyarrow and xgboost; `--profile <folder>` takes processor profiles of the workers.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { FEATURE_NAMES } from '../core/features/feature-table.ts';
import { sqlValue, withDuckDb } from '../local/demo/duckdb.ts';
import { writeMadeCatalogue } from '../local/demo/made-catalogue.ts';
import { type BatchStand, type JobRun, openBatchStand } from './batch-stand.ts';
import { median } from './median.ts';
import { writeUsualModel } from './usual-model.ts';

const GROUP_ROWS = 65_536;
/** A tree a round and grade. */
const ROUNDS = 100;
/** A million, in whole row groups. */
const ROWS = 16 * GROUP_ROWS;
const WARM_ROWS = 2 * GROUP_ROWS;
const MIB = 2 ** 20;

interface Arm {
  readonly name: string;
  readonly threads: 1 | 2;
  readonly isWithItems: boolean;
}
const ARMS: readonly Arm[] = [
  { name: 'S3 to S3', threads: 1, isWithItems: false },
  { name: 'S3 to S3', threads: 2, isWithItems: false },
  { name: 'with items', threads: 1, isWithItems: true },
  { name: 'with items', threads: 2, isWithItems: true },
];

/** Many millions of rows, and a million before them in the same worker. */
interface LargeRun {
  readonly million: JobRun;
  readonly run: JobRun;
}

/** What a run of the script says; a job of ours says that and more. */
interface PeerRun {
  readonly rows: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakBytes: number;
  readonly versions: string;
}
type Run = Pick<PeerRun, 'rows' | 'seconds' | 'processorSeconds' | 'peakBytes'>;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    turns: { type: 'string', default: '3' },
    large: { type: 'string', default: '10' },
    model: { type: 'string', default: 'fixtures/model' },
    python: { type: 'string', default: 'python3' },
    profile: { type: 'string' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'nutrisage-bench-batch-'));
const fileOf = (name: string): string => join(folder, name);

/** It takes minutes: whoever waits sees where it is. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** The catalogue over and over: making ten million rows anew would take longer than grading them. */
async function repeatCatalogue(path: string, part: string, times: number): Promise<void> {
  await withDuckDb(async (connection) => {
    await connection.run(`COPY (SELECT p.* FROM range(${times}), read_parquet(${sqlValue(part)}) p)
      TO ${sqlValue(path)} (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE ${GROUP_ROWS})`);
  });
}

/** In a new worker that has graded a small job before: one job after the other. */
async function grade(
  stand: BatchStand,
  arm: Arm,
  warmKey: string,
  ...keys: readonly string[]
): Promise<JobRun[]> {
  const { profile } = options;
  const nodeFlags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const worker = await stand.startWorker({ ...arm, nodeFlags });
  try {
    await worker.run(warmKey);
    const runs: JobRun[] = [];
    for (const key of keys) runs.push(await worker.run(key));
    return runs;
  } finally {
    await worker.stop();
  }
}

/** @returns undefined where this Python has not what the script needs. */
async function peerOnce(threads: number): Promise<PeerRun | undefined> {
  const script = fileURLToPath(new URL('./peers/batch.py', import.meta.url));
  const files = [model.boosterFile, fileOf('catalogue.parquet'), fileOf('peer.parquet')];
  const program = promisify(execFile);
  const isThere = await program(options.python, ['-c', 'import pyarrow, xgboost']).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const { stdout } = await program(
    options.python,
    [script, ...files, String(threads), String(FEATURE_NAMES.length)],
    { env: { ...process.env, OMP_NUM_THREADS: String(threads) } },
  );
  return JSON.parse(stdout) as PeerRun; // what peers/batch.py prints
}

const byTheClock = (runs: readonly Run[]): number =>
  Math.round(median(runs.map((run) => run.rows / run.seconds)));
const ofProcessorTime = (runs: readonly Run[]): number =>
  Math.round(median(runs.map((run) => run.rows / run.processorSeconds)));
const peakMib = (runs: readonly Run[]): number =>
  Math.round(Math.max(...runs.map((run) => run.peakBytes)) / MIB);
const ratio = (one: number, other: number): number => Number((one / other).toFixed(3));

const model = await writeUsualModel(fileOf('model'), options.model, ROUNDS);
const CATALOGUES = [
  { name: 'catalogue.parquet', rows: ROWS, seed: 1 },
  { name: 'warm.parquet', rows: WARM_ROWS, seed: 3 },
] as const;
for (const { name, rows, seed } of CATALOGUES) {
  await writeMadeCatalogue(fileOf(name), { rows, seed, shape: 'flat', rowGroupRows: GROUP_ROWS });
}
const times = Number(options.large);
if (times > 0) await repeatCatalogue(fileOf('large.parquet'), fileOf('catalogue.parquet'), times);

const ours = new Map(ARMS.map((arm) => [arm, [] as JobRun[]]));
const large = new Map<Arm, LargeRun>();
const peers = new Map<number, PeerRun[]>([
  [1, []],
  [2, []],
]);
const stand = await openBatchStand(fileOf('stack'), fileOf('model'));
try {
  const [key = '', warmKey = ''] = await Promise.all(
    CATALOGUES.map(({ name }) => stand.upload(fileOf(name), name)),
  );
  for (let turn = 0; turn < Number(options.turns); turn += 1) {
    for (const [arm, runs] of ours) {
      runs.push(...(await grade(stand, arm, warmKey, key)));
      say(`turn ${turn + 1}: ${arm.name}, ${arm.threads} thread(s)`);
    }
    for (const [threads, runs] of peers) {
      const run = await peerOnce(threads);
      if (run !== undefined) runs.push(run);
      say(`turn ${turn + 1}: the script, ${threads} thread(s)`);
    }
  }
  if (times > 0) {
    const largeKey = await stand.upload(fileOf('large.parquet'), 'large.parquet');
    for (const arm of ARMS.filter(({ isWithItems }) => !isWithItems)) {
      // After a million in the same worker: one worker's memory differs from the next one's by more than a job adds to it.
      const [million, run] = await grade(stand, arm, warmKey, key, largeKey);
      if (million !== undefined && run !== undefined) large.set(arm, { million, run });
      say(`${times} million rows: ${arm.threads} thread(s)`);
    }
  }
} finally {
  await stand.stop();
  await rm(folder, { recursive: true, force: true });
}

const armOf = (threads: number, isWithItems: boolean) => {
  const arm = ARMS.find((each) => each.threads === threads && each.isWithItems === isWithItems);
  return { runs: (arm && ours.get(arm)) ?? [], large: arm && large.get(arm) };
};
const figuresOf = (runs: readonly Run[]) => ({
  rowsPerSecond: byTheClock(runs),
  rowsPerProcessorSecond: ofProcessorTime(runs),
  peakMib: peakMib(runs),
});
function memoryAndCost(threads: number) {
  const { runs, large } = armOf(threads, false);
  if (large === undefined) return undefined;
  const { million, run } = large;
  return {
    rows: run.rows,
    ...figuresOf([run]),
    /** Of the same worker: 1 is flat. */
    peakOverMillion: ratio(run.peakBytes, million.peakBytes),
    /** Processor time a row, over that of a million rows: 1 is linear. */
    costOverMillion: ratio(ofProcessorTime(runs), ofProcessorTime([run])),
  };
}
/** Microseconds a row of one thread, by its own clock. */
function stepsOf(runs: readonly JobRun[]): Record<string, number> {
  const steps = ['read', 'grade', 'write', 'items'] as const;
  return Object.fromEntries(
    steps.map((step) => [
      step,
      Number(median(runs.map((run) => (run.stepSeconds[step] / run.rows) * 1e6)).toFixed(2)),
    ]),
  );
}
const peerOf = (threads: number) => {
  const runs = peers.get(threads) ?? [];
  return runs.length === 0 ? undefined : figuresOf(runs);
};
const [one, two] = [armOf(1, false).runs, armOf(2, false).runs];
const [oneWithItems, twoWithItems] = [armOf(1, true).runs, armOf(2, true).runs];
const result = {
  benchmark: 'batch',
  model: model.version,
  trees: model.trees,
  rows: ROWS,
  turns: Number(options.turns),
  oneThread: { ...figuresOf(one), microsecondsARow: stepsOf(one) },
  twoThreads: figuresOf(two),
  oneThreadWithItems: { ...figuresOf(oneWithItems), microsecondsARow: stepsOf(oneWithItems) },
  twoThreadsWithItems: figuresOf(twoWithItems),
  large: { oneThread: memoryAndCost(1), twoThreads: memoryAndCost(2) },
  peer: { oneThread: peerOf(1), twoThreads: peerOf(2), versions: peers.get(1)?.[0]?.versions },
  processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`,
  node: process.version,
};

function table(): string {
  const cell = (value: number): string => value.toLocaleString('en').padStart(16);
  const line = (name: string, threads: number, rows: number, figures: ReturnType<typeof figuresOf>): string =>
    `${name.padEnd(12)}${String(threads).padStart(8)}${cell(rows)}${cell(figures.rowsPerSecond)}` +
    `${cell(figures.rowsPerProcessorSecond)}${cell(figures.peakMib)}`;
  const head = ['rows', 'by the clock', 'a core', 'peak MiB'].map((name) => name.padStart(16)).join('');
  const steps = (runs: readonly JobRun[]): string =>
    Object.entries(stepsOf(runs))
      .map(([step, spent]) => `${step} ${spent}`)
      .join(', ');
  return [
    `${'rows/s'.padEnd(12)}${'threads'.padStart(8)}${head}`,
    ...[...ours].map(([arm, runs]) => line(arm.name, arm.threads, ROWS, figuresOf(runs))),
    ...[...large].map(([arm, { run }]) => line(arm.name, arm.threads, run.rows, figuresOf([run]))),
    ...[...large].map(
      ([{ threads }, { million, run }]) =>
        `${threads} thread(s): most memory ${ratio(run.peakBytes, million.peakBytes)} of what a million took in the same worker`,
    ),
    ...[...peers].flatMap(([threads, runs]) =>
      runs.length === 0 ? [] : [line('Python', threads, ROWS, figuresOf(runs))],
    ),
    `microseconds a row of a thread: ${steps(one)}`,
    `with items: ${steps(oneWithItems)}`,
    ...(result.peer.versions === undefined
      ? [`No peer: ${options.python} has no pyarrow or no xgboost; --python names one that has.`]
      : [`the script: ${result.peer.versions}`]),
  ].join('\n');
}

process.stdout.write(`${options.json ? JSON.stringify(result) : table()}\n`);
