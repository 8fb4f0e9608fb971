/**
 * `npm run bench:metrics`: what metrics and drift cost a worker, in rows a second. One process grades the same shard over and
 * over, in turn without both, with drift counted, and with drift and all metrics: whatever a worker does about a shard, and a
 * scrape and the documents of a minute after every eight, which is some twenty times as often as a worker tells them.
 * Processes that do the same differ by up to a tenth from each other for as long as they live, so three of them would tell
 * less. The best of many turns counts, since what others do on the machine only ever adds. On a busy machine even that wavers
 * by some percent: the median time that the processors spent on a turn, told beside it, wavers less. `--json` prints one JSON
 * line; `--turns` and `--model <dir>` change the rest.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { ColumnBins } from '../core/drift/count-histograms.ts';
import { referenceBins } from '../core/drift/drift-report.ts';
import { createRegistry } from '../core/metrics/registry.ts';
import { memoryByteSource } from '../core/parquet/byte-source.ts';
import { openItemFile } from '../core/parquet/open-item-file.ts';
import { writeMadeCatalogue } from '../local/demo/made-catalogue.ts';
import type { FileReference } from '../schemas/file-reference.ts';
import { MESSAGE_VERSION, type ShardMessage } from '../schemas/messages.ts';
import { ModelManifest, ModelReference } from '../schemas/model.ts';
import { createParser } from '../schemas/parse.ts';
import { createScorer } from '../worker/adapters/create-scorer.ts';
import { type GradeShardPorts, gradeShard } from '../worker/grading/grade-shard.ts';
import { doneRecord } from '../worker/ledger/job-record.ts';
import { startMetrics } from '../worker/metrics/start-metrics.ts';
import { createWorkerMeter } from '../worker/metrics/worker-meter.ts';
import type { ObjectStore } from '../worker/objects/object-store.ts';
import { median } from './median.ts';

const ARMS = ['neither', 'drift', 'driftAndMetrics'] as const;
type Arm = (typeof ARMS)[number];

/** A shard of the usual size. */
const ROWS = 65_536;
/** Of a turn: two seconds, where a worker tells once a minute. */
const SHARDS = 8;
const WARM_TURNS = 2;
const INPUT: FileReference = { bucket: 'bench', key: 'catalogue.parquet', etag: 'bench', size: 0 };

/** The one file, in memory; what is written is forgotten. */
function storeOf(bytes: Uint8Array): ObjectStore {
  return {
    head: async () => ({ ...INPUT, size: bytes.length }),
    readRange: async (_, start, end) => bytes.subarray(start, end),
    read: async () => bytes,
    put: async () => {},
  };
}

async function madeShard(
  folder: string,
): Promise<{ readonly bytes: Uint8Array; readonly message: ShardMessage }> {
  const path = join(folder, 'catalogue.parquet');
  await writeMadeCatalogue(path, { rows: ROWS, shape: 'flat', rowGroupRows: ROWS });
  const bytes = readFileSync(path);
  const file = await openItemFile(memoryByteSource(bytes), { name: path, rowGroupBytesMax: 2 ** 30 });
  const count = file.rowGroups.length;
  file.close();
  const message: ShardMessage = {
    kind: 'shard',
    version: MESSAGE_VERSION,
    job: '0123456789abcdef',
    shard: 0,
    file: 0,
    input: { ...INPUT, size: bytes.length },
    rowGroups: { first: 0, count },
    rows: ROWS,
    firstRowNumber: 0,
    submittedAt: '2026-11-23T10:00:00.000Z',
    modelVersion: 'fedcba9876543210',
    rules: '2023',
    redrive: 0,
  };
  return { bytes, message };
}

interface Turn {
  readonly seconds: number;
  /** Of all threads of this process. */
  readonly processorSeconds: number;
}

async function timed(work: () => Promise<void>): Promise<Turn> {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { seconds: (performance.now() - begun) / 1000, processorSeconds: (user + system) / 1e6 };
}

function gradeOnce(ports: GradeShardPorts, message: ShardMessage): Promise<Turn> {
  return timed(async () => {
    for (let shard = 0; shard < SHARDS; shard += 1) await gradeShard(ports, message);
  });
}

/** The same with all that is told of it; only what belongs to the shard is timed, not the start of the watch. */
async function gradeAndTell(ports: GradeShardPorts, message: ShardMessage): Promise<Turn> {
  const registry = createRegistry('worker');
  const meter = createWorkerMeter(registry);
  let told = 0;
  const metrics = await startMetrics(
    {
      metrics: 'emf',
      metricsNamespace: 'Bench',
      metricsSeconds: 3600,
      metricsPort: 0,
      metricsHost: '127.0.0.1',
      workerName: 'bench',
    },
    {
      registry,
      service: 'worker',
      threadUse: () => ({ threads: 1, busyMs: 0, deaths: 0 }),
      modelRefusals: () => 0,
      modelVersion: () => message.modelVersion,
      queueDepths: async () => ({ waiting: 1, inFlight: 1, dead: 0 }),
      write: (line) => {
        told += line.length;
      },
      clock: () => new Date(),
      log: pino({ level: 'silent' }),
    },
  );
  let text = '';
  const turn = await timed(async () => {
    for (let shard = 0; shard < SHARDS; shard += 1) {
      meter.taken({ id: '1', body: '', receiveCount: 1, sentAt: Date.now() }, Date.now());
      const written = await gradeShard(ports, message);
      const attempt = { worker: 'bench', attempt: 1, at: message.submittedAt, retentionDays: 1 };
      meter.shardRecorded(doneRecord(written, attempt));
      meter.settled({ kind: 'acknowledge' });
    }
    text = await (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text();
    // Writes the documents of all that was counted.
    await metrics.stop();
  });
  if (told === 0 || !text.includes(`nutrisage_rows_read_total ${ROWS * SHARDS}`))
    throw new Error('Nothing was told.');
  return turn;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    turns: { type: 'string', default: '12' },
    model: { type: 'string', default: 'fixtures/model' },
  },
});
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(options.model, name), 'utf8'));
const manifest = createParser('manifest', ModelManifest).parse(readJson('manifest.json'));
const bins = referenceBins(createParser('reference', ModelReference).parse(readJson('reference.json')));
if (bins === undefined) throw new Error(`The reference in ${options.model} is of other features.`);
const onnx = readFileSync(join(options.model, 'model.onnx'));
// What serves: beside a slower engine the same cost would be a smaller share.
const { scorer } = await createScorer({ manifest, onnx }, 'auto');

const folder = mkdtempSync(join(tmpdir(), 'nutrisage-bench-'));
const { bytes, message } = await madeShard(folder).finally(() => rmSync(folder, { recursive: true }));
const portsWith = (counted: readonly ColumnBins[] | undefined): GradeShardPorts => ({
  store: storeOf(bytes),
  dataBucket: 'bench',
  scorer,
  bins: counted,
  sink: undefined,
  rowGroupBytesMax: 2 ** 30,
  now: () => performance.now(),
  interrupted: () => false,
});
const arms: Readonly<Record<Arm, () => Promise<Turn>>> = {
  neither: () => gradeOnce(portsWith(undefined), message),
  drift: () => gradeOnce(portsWith(bins), message),
  driftAndMetrics: () => gradeAndTell(portsWith(bins), message),
};
const turns: Record<Arm, Turn[]> = { neither: [], drift: [], driftAndMetrics: [] };
for (let turn = -WARM_TURNS; turn < Number(options.turns); turn += 1) {
  // Each comes first as often as the others.
  for (const at of ARMS.keys()) {
    const arm = ARMS[(at + turn + WARM_TURNS) % ARMS.length] ?? 'neither';
    const took = await arms[arm]();
    if (turn >= 0) turns[arm].push(took);
  }
}

const rateOf = (arm: Arm): number =>
  Math.round((ROWS * SHARDS) / Math.min(...turns[arm].map(({ seconds }) => seconds)));
const processorOf = (arm: Arm): number =>
  median(turns[arm].map(({ processorSeconds }) => processorSeconds)) / SHARDS;
const byArm = (of: (arm: Arm) => number) => ({
  neither: of('neither'),
  drift: of('drift'),
  driftAndMetrics: of('driftAndMetrics'),
});
const percentOf = (part: number, whole: number): number => Number(((part / whole) * 100).toFixed(2));
const rates = byArm(rateOf);
const processor = byArm(processorOf);
const result = {
  benchmark: 'metrics',
  model: manifest.version,
  rows: ROWS * SHARDS,
  turns: Number(options.turns),
  rowsPerSecond: rates,
  processorSeconds: processor,
  driftCostPercent: percentOf(rates.neither - rates.drift, rates.neither),
  driftProcessorPercent: percentOf(processor.drift - processor.neither, processor.neither),
  metricsCostPercent: percentOf(rates.drift - rates.driftAndMetrics, rates.drift),
  metricsProcessorPercent: percentOf(processor.driftAndMetrics - processor.drift, processor.drift),
};
const lineOf = (name: string, arm: Arm, rest: string): string =>
  `${name.padEnd(17)}  ${rates[arm]} rows/s, ${processor[arm].toFixed(2)} s of processors a shard${rest}`;
const page = [
  lineOf('neither', 'neither', ''),
  lineOf('drift', 'drift', `: ${result.driftCostPercent} % fewer, ${result.driftProcessorPercent} % more`),
  lineOf(
    'drift and metrics',
    'driftAndMetrics',
    `: ${result.metricsCostPercent} % fewer, ${result.metricsProcessorPercent} % more than with drift alone`,
  ),
];
process.stdout.write(`${options.json ? JSON.stringify(result) : page.join('\n')}\n`);
