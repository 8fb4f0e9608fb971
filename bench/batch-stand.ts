/** The stand of `bench:batch`: the embedded stack, the table stub before it, catalogues in the store, workers to measure. */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { clientConfigurations } from '../local/stack/service-clients.ts';
import { startLocalStack } from '../local/start-local-stack.ts';
import { JobSummary } from '../schemas/job-summary.ts';
import { ENVIRONMENT, PREFIXES, RESOURCES } from '../schemas/names.ts';
import { createParser } from '../schemas/parse.ts';
import { WORKER_NODE_FLAGS } from '../schemas/worker-node-flags.ts';
import type { AcceptingTableData } from './accepting-table.ts';
import type { ProcessUse } from './batch-worker.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PART_BYTES = 8 * 2 ** 20;
const STOP_MS_MAX = 30_000;
const OUTPUT_BYTES_MAX = 64 * 2 ** 20;

export interface WorkerSettings {
  readonly threads: number;
  /** Whether every graded row becomes an item too. */
  readonly isWithItems: boolean;
  /** Further flags of its Node, such as `--cpu-prof`. */
  readonly nodeFlags: readonly string[];
}

/** One job of one worker. */
export interface JobRun {
  readonly rows: number;
  /** From submission to the last shard. */
  readonly seconds: number;
  /** That the worker's process spent from before the submission until the job was closed. */
  readonly processorSeconds: number;
  /** Most memory the worker had resident until then. */
  readonly peakBytes: number;
  /** Of all shards, by the clock of the threads. */
  readonly stepSeconds: JobSummary['stepSeconds'];
}

export interface BenchWorker {
  /** @throws {Error} when a row or an item is missing. */
  run(key: string): Promise<JobRun>;
  stop(): Promise<void>;
}

export interface BatchStand {
  /** Puts a file into the store; returns its key. */
  upload(path: string, name: string): Promise<string>;
  startWorker(settings: WorkerSettings): Promise<BenchWorker>;
  stop(): Promise<void>;
}

export async function openBatchStand(directory: string, modelFolder: string): Promise<BatchStand> {
  const stack = await startLocalStack({ directory, port: 0, tablePort: 0, modelFolder });
  const s3 = new S3Client(clientConfigurations(stack.servers).s3);
  const accepted = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const data: AcceptingTableData = { tableEndpoint: stack.servers.tableEndpoint, accepted };
  const stub = new Worker(new URL('./accepting-table.ts', import.meta.url), { workerData: data });
  const [stubPort] = await once(stub, 'message');
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...stack.environment,
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${stubPort}`,
  };
  const acceptedItems = (): number => Atomics.load(new Int32Array(accepted), 0);
  let submissions = 0;

  async function submit(key: string): Promise<JobSummary> {
    submissions += 1;
    const bin = join(ROOT, 'producer/bin/nutrisage.mjs');
    const source = `s3://${RESOURCES.dataBucket}/${key}`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [bin, 'submit', source, '--again', String(submissions), '--wait', '--json'],
      { env: environment, maxBuffer: OUTPUT_BYTES_MAX },
    );
    return createParser('the summary', JobSummary).parse(JSON.parse(stdout).summary);
  }

  async function runJob(worker: ChildProcess, isWithItems: boolean, key: string): Promise<JobRun> {
    const [before, itemsBefore] = [await useOf(worker), acceptedItems()];
    const { counts, seconds, stepSeconds } = await submit(key);
    const after = await useOf(worker);
    const items = acceptedItems() - itemsBefore;
    if (counts.graded + counts.rejected !== counts.rows) throw new Error('Rows are missing.');
    if (items !== (isWithItems ? counts.graded : 0)) {
      throw new Error(`${items} items were written of ${counts.graded} graded rows.`);
    }
    return {
      rows: counts.rows,
      seconds,
      processorSeconds: after.processorSeconds - before.processorSeconds,
      peakBytes: after.peakBytes,
      stepSeconds,
    };
  }

  return {
    async upload(path, name) {
      const key = `${PREFIXES.uploads}${name}`;
      const params = { Bucket: RESOURCES.dataBucket, Key: key, Body: createReadStream(path) };
      await new Upload({ client: s3, params, partSize: PART_BYTES }).done();
      return key;
    },
    async startWorker({ threads, isWithItems, nodeFlags }) {
      const worker = fork(join(ROOT, 'bench/batch-worker.ts'), [], {
        env: {
          ...environment,
          // As a fleet starts its workers.
          MALLOC_ARENA_MAX: '2',
          [ENVIRONMENT.threads]: String(threads),
          ...(isWithItems ? {} : { [ENVIRONMENT.gradesTable]: '' }),
        },
        execArgv: [...WORKER_NODE_FLAGS, ...nodeFlags],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      await answerOf(worker, 'ready');
      return {
        run: (key) => runJob(worker, isWithItems, key),
        stop: () => stopWorker(worker),
      };
    },
    async stop() {
      s3.destroy();
      await stub.terminate();
      await stack.stop();
    },
  };
}

async function useOf(worker: ChildProcess): Promise<ProcessUse> {
  const answer = answerOf(worker, 'use');
  worker.send('use');
  return (await answer) as ProcessUse; // of the kind that was waited for
}

/** The worker's next message of a kind. @throws {Error} when it ends before. */
async function answerOf(worker: ChildProcess, kind: string): Promise<unknown> {
  const ended = new AbortController();
  const onExit = (): void => ended.abort(new Error('The worker has ended.'));
  worker.once('exit', onExit);
  try {
    for await (const [message] of on(worker, 'message', { signal: ended.signal })) {
      if (typeof message === 'object' && message?.kind === kind) return message;
    }
    return undefined;
  } finally {
    worker.off('exit', onExit);
  }
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  const timer = setTimeout(() => worker.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}
