/**
 * `npm run bench:queue`: shards a second through each queue, with one worker process and with four. What a worker does
 * with a shard is left out, so these are the most that the queue lets through: SQS as the embedded server speaks it, which
 * says nothing of Amazon's own, and BullMQ on a redis-server that keeps an append-only file. Each worker holds eight messages
 * at a time. Queues take turns; medians count. `--json` prints one JSON line, `--turns <n>` and `--shards <n>` change the rest.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { type LocalStack, startLocalStack } from '../local/start-local-stack.ts';
import { MESSAGE_VERSION, type ShardMessage } from '../schemas/messages.ts';
import { QUEUE_KINDS, type QueueKind } from '../schemas/redis-queue.ts';
import { type OpenQueue, openQueue } from '../worker/adapters/open-queue.ts';
import { readConfig } from '../worker/config.ts';
import { median } from './median.ts';

const WORKER = fileURLToPath(new URL('./queue-worker.ts', import.meta.url));
const WORKERS = [1, 4] as const;
const WINDOW = 8;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    turns: { type: 'string', default: '3' },
    shards: { type: 'string', default: '2000' },
  },
});
const shards = Number(options.shards);

interface Rates {
  /** Shards a second. */
  readonly sent: number;
  readonly handled: number;
}

/** As a plan of one job has them; each job's are other ones. */
function bodiesOf(job: number): string[] {
  return Array.from({ length: shards }, (_, shard) => {
    const message: ShardMessage = {
      kind: 'shard',
      version: MESSAGE_VERSION,
      job: job.toString(16).padStart(16, '0'),
      shard,
      file: 0,
      input: { bucket: 'bench', key: 'uploads/catalogue.parquet', etag: 'e'.repeat(32), size: 1e9 },
      rowGroups: { first: shard, count: 1 },
      rows: 65_536,
      firstRowNumber: shard * 65_536,
      submittedAt: '2026-11-26T10:00:00.000Z',
      modelVersion: 'fedcba9876543210',
      rules: '2023',
      redrive: 0,
    };
    return JSON.stringify(message);
  });
}

async function measure(stack: LocalStack, workers: number, job: number): Promise<Rates> {
  const environment = { ...process.env, ...stack.environment };
  const children = Array.from({ length: workers }, () =>
    fork(WORKER, [String(WINDOW)], { env: environment }),
  );
  const broken = endOfAny(children);
  try {
    await Promise.race([broken, Promise.all(children.map((child) => once(child, 'message')))]);
    const sender = await openQueueOf(stack);
    const bodies = bodiesOf(job);
    const sendingFrom = performance.now();
    await sender.queue.send(bodies);
    const sendingMs = performance.now() - sendingFrom;
    sender.close();
    const handledMs = await Promise.race([broken, handleAll(children)]);
    await stopAll(children);
    return { sent: (1000 * shards) / sendingMs, handled: (1000 * shards) / handledMs };
  } finally {
    for (const child of children) child.kill();
  }
}

/** Rejects when one of them ends; nobody listens once all were told to. */
function endOfAny(children: readonly ChildProcess[]): Promise<never> {
  const broken = Promise.race(
    children.map(async (child): Promise<never> => {
      const [code, signal] = await once(child, 'exit');
      throw new Error(`A worker ended (${code ?? signal}) before its work.`);
    }),
  );
  broken.catch(() => {});
  return broken;
}

function openQueueOf({ environment }: LocalStack): Promise<OpenQueue> {
  // The SDK reads its endpoints from the process alone.
  Object.assign(process.env, environment);
  return openQueue(readConfig(process.env, 1), pino({ level: 'silent' }));
}

async function handleAll(children: readonly ChildProcess[]): Promise<number> {
  const all = Promise.withResolvers<void>();
  let left = shards;
  const from = performance.now();
  for (const child of children) {
    child.on('message', () => {
      left -= 1;
      if (left === 0) all.resolve();
    });
    child.send('go');
  }
  await all.promise;
  return performance.now() - from;
}

async function stopAll(children: readonly ChildProcess[]): Promise<void> {
  const ended = children.map((child) => once(child, 'exit'));
  for (const child of children) child.send('stop');
  await Promise.all(ended);
}

const root = await mkdtemp(join(tmpdir(), 'nutrisage-bench-queue-'));
const stacks = new Map<QueueKind, LocalStack>();
const measured = new Map<string, Rates[]>();
try {
  for (const queue of QUEUE_KINDS) {
    const stack = await startLocalStack({ directory: join(root, queue), port: 0, tablePort: 0, queue });
    stacks.set(queue, stack);
    // S3's test event would be counted as a shard.
    await drain(stack);
  }
  let job = 0;
  for (let turn = 0; turn < Number(options.turns); turn += 1) {
    for (const workers of WORKERS) {
      for (const [queue, stack] of stacks) {
        job += 1;
        const name = `${queue}, ${workers} worker${workers === 1 ? '' : 's'}`;
        measured.set(name, [...(measured.get(name) ?? []), await measure(stack, workers, job)]);
      }
    }
  }
} finally {
  await Promise.all([...stacks.values()].map((stack) => stack.stop()));
  await rm(root, { recursive: true, force: true });
}

async function drain(stack: LocalStack): Promise<void> {
  const work = await openQueueOf(stack);
  const taken = Promise.withResolvers<void>();
  const consumption = work.queue.consume(async () => {
    taken.resolve();
    return { kind: 'acknowledge' };
  }, 1);
  await taken.promise;
  await consumption.stop();
  work.close();
}

const result = {
  benchmark: 'queue',
  shards,
  unit: 'shards/s',
  rates: Object.fromEntries(
    [...measured].map(([name, rates]) => [
      name,
      {
        sent: Math.round(median(rates.map(({ sent }) => sent))),
        handled: Math.round(median(rates.map(({ handled }) => handled))),
      },
    ]),
  ),
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  node: process.version,
};
const text = Object.entries(result.rates)
  .map(([name, { sent, handled }]) => `${name}: ${handled} shards/s handled, ${sent} shards/s sent`)
  .join('\n');
process.stdout.write(`${options.json ? JSON.stringify(result) : text}\n`);
