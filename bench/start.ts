/**
 * `npm run bench:start`: from starting the worker's process to the first message that it takes from its queue, and to
 * its model being ready, by each engine. The embedded stack stands, and a file lies in the inbox before. Engines take
 * turns; medians count. `--json` prints one JSON line, `--turns <n>` more or fewer turns.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfigurations } from '../local/stack/service-clients.ts';
import { startLocalStack } from '../local/start-local-stack.ts';
import { ENVIRONMENT, PREFIXES, RESOURCES } from '../schemas/names.ts';
import { WORKER_NODE_FLAGS } from '../schemas/worker-node-flags.ts';
import { ENGINE_CHOICES, type EngineChoice } from '../worker/models/engine-choice.ts';
import { median } from './median.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WORKER = join(ROOT, 'worker/main.ts');
/** Between two looks at the queue. */
const LOOK_MS = 2;
const GIVE_UP_MS = 60_000;

interface Start {
  readonly firstMessageMs: number;
  readonly modelReadyMs: number;
}

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, turns: { type: 'string', default: '7' } },
});

const directory = await mkdtemp(join(tmpdir(), 'nutrisage-bench-start-'));
const stack = await startLocalStack({
  directory,
  port: 0,
  tablePort: 0,
  modelFolder: join(ROOT, 'fixtures/model'),
});
const configurations = clientConfigurations(stack.servers);
const s3 = new S3Client(configurations.s3);
const sqs = new SQSClient(configurations.sqs);
const file = readFileSync(join(ROOT, 'fixtures/exports/official.parquet'));

async function messages(): Promise<{ readonly waiting: number; readonly taken: number }> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: stack.environment[ENVIRONMENT.jobsQueueUrl],
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes?.ApproximateNumberOfMessages),
    taken: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  };
}

async function until(isThere: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const begin = performance.now();
  while (!(await isThere())) {
    if (performance.now() - begin > GIVE_UP_MS) throw new Error(`After a minute: no ${what}.`);
    await pause(LOOK_MS);
  }
}

async function startOnce(engine: EngineChoice, turn: number): Promise<Start> {
  const key = `${PREFIXES.inbox}${engine}-${turn}.parquet`;
  await s3.send(new PutObjectCommand({ Bucket: RESOURCES.dataBucket, Key: key, Body: file }));
  await until(async () => (await messages()).waiting > 0, 'event of the file');
  const begin = performance.now();
  const worker = spawn(process.execPath, [...WORKER_NODE_FLAGS, WORKER], {
    env: {
      ...process.env,
      ...stack.environment,
      [ENVIRONMENT.engine]: engine,
      [ENVIRONMENT.threads]: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let modelReadyMs = Number.NaN;
  const lines = createInterface({ input: worker.stdout });
  lines.on('line', (line) => {
    if (Number.isNaN(modelReadyMs) && / runs model /.test(line)) modelReadyMs = performance.now() - begin;
  });
  await until(async () => (await messages()).taken > 0, 'message taken');
  const firstMessageMs = performance.now() - begin;
  await until(() => !Number.isNaN(modelReadyMs), 'model ready');
  await stopWorker(worker);
  return { firstMessageMs, modelReadyMs };
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  await ended;
}

const starts = new Map(ENGINE_CHOICES.map((engine) => [engine, [] as Start[]]));
try {
  for (let turn = 0; turn < Number(options.turns); turn += 1) {
    for (const [engine, measured] of starts) measured.push(await startOnce(engine, turn));
  }
} finally {
  s3.destroy();
  sqs.destroy();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
const all = [...starts.values()].flat();
const result = {
  benchmark: 'start',
  firstMessageMs: Math.round(median(all.map(({ firstMessageMs }) => firstMessageMs))),
  modelReadyMs: Object.fromEntries(
    [...starts].map(([engine, measured]) => [
      engine,
      Math.round(median(measured.map((start) => start.modelReadyMs))),
    ]),
  ),
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  node: process.version,
};
const text =
  `first message taken ${result.firstMessageMs} ms after the process was started\n` +
  Object.entries(result.modelReadyMs)
    .map(([engine, milliseconds]) => `model ready with NUTRISAGE_ENGINE=${engine}: ${milliseconds} ms`)
    .join('\n');
process.stdout.write(`${options.json ? JSON.stringify(result) : text}\n`);
