/** Entry of the batch worker: `node worker/main.ts`, configured by the environment. */
import { availableParallelism } from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Logger, pino } from 'pino';
import { asNutrisageError } from '../core/errors.ts';
import { createDynamoDbLedger } from './adapters/dynamodb-ledger.ts';
import { REQUEST_PATIENCE } from './adapters/request-patience.ts';
import { createS3Client, createS3ObjectStore } from './adapters/s3-object-store.ts';
import { createSqsWorkQueue } from './adapters/sqs-work-queue.ts';
import { startBatchWorker } from './batch-worker.ts';
import { ConfigError, readConfig, type WorkerConfig } from './config.ts';
import { watchEventLoop } from './event-loop-watch.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createCurrentModel } from './models/current-model.ts';
import { readCurrentVersion } from './models/model-store.ts';
import { createThreadPool } from './threads/thread-pool.ts';

/** A last attempt is given up after this many visibility timeouts, and never before a quarter of an hour. */
const LAST_ATTEMPT_TIMEOUTS = 10;
const LAST_ATTEMPT_SECONDS_MIN = 900;

async function main(config: WorkerConfig): Promise<void> {
  const log = pino({ level: config.logLevel, base: { worker: config.workerName } });
  const store = createS3ObjectStore(createS3Client(process.env));
  const threads = createThreadPool({
    threads: config.threads,
    settings: {
      dataBucket: config.dataBucket,
      modelBucket: config.modelBucket,
      gradesTable: config.gradesTable,
      rowGroupBytesMax: config.rowGroupBytesMax,
      retentionDays: config.retentionDays,
    },
    log,
  });
  const queue = createSqsWorkQueue({
    client: new SQSClient({ requestHandler: { ...REQUEST_PATIENCE } }),
    queueUrl: config.jobsQueueUrl,
    deadLetterQueueUrl: config.deadLetterQueueUrl,
    visibilitySeconds: config.visibilitySeconds,
    receivesMax: config.receivesMax,
    log,
  });
  const ledger = createDynamoDbLedger(
    new DynamoDBClient({ requestHandler: { ...REQUEST_PATIENCE } }),
    config.jobsTable,
  );
  const readPointer = () => readCurrentVersion(store, config.modelBucket);
  const currentModel = createCurrentModel({
    readPointer,
    check: threads.checkModel,
    now: () => performance.now(),
    log,
  });
  await reachServices({ ledger, readPointer, log });

  // From here on the loop must not stall: loading the programs did, but nothing was taken before.
  const watch = watchEventLoop(log);
  const worker = startBatchWorker(
    {
      queue,
      ledger,
      store,
      threads,
      dataBucket: config.dataBucket,
      currentModel: currentModel.version,
      pins: { rules: config.rules, shardRows: config.shardRows, retentionDays: config.retentionDays },
      worker: config.workerName,
      receivesMax: config.receivesMax,
      retentionDays: config.retentionDays,
      lastAttemptSecondsMax: Math.max(
        LAST_ATTEMPT_SECONDS_MIN,
        LAST_ATTEMPT_TIMEOUTS * config.visibilitySeconds,
      ),
      clock: () => new Date(),
      log,
    },
    { threads: config.threads, stopSeconds: config.stopSeconds },
  );
  log.info({ threads: config.threads, shardRows: config.shardRows }, 'worker started');
  process.send?.({ kind: 'ready' });
  // A thread loads it while nobody waits; what is wrong with it is in the log, and told to whoever plans.
  currentModel.version().catch(() => {});

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'worker stops');
    await worker.stop();
    log.info({ longestGapMs: Math.round(watch.longestGapMs()) }, 'worker stopped');
    watch.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // A parent that goes away without a word (SIGKILL) must not leave workers behind.
  process.on('disconnect', () => void stop('disconnect'));
}

/**
 * Calls store and ledger once before anything is taken: what is wrong with the configuration is said at the
 * start, and the SDK loads what it loads at its first call (50 ms on the event loop) while nobody waits.
 */
async function reachServices(services: {
  readonly ledger: Ledger;
  readonly readPointer: () => Promise<string>;
  readonly log: Logger;
}): Promise<void> {
  const calls = [services.readPointer(), services.ledger.job('none')];
  for (const outcome of await Promise.allSettled(calls)) {
    if (outcome.status === 'fulfilled') continue;
    const error = asNutrisageError(outcome.reason);
    services.log.error({ code: error.code, remedy: error.remedy, err: error }, error.message);
  }
}

try {
  await main(readConfig(process.env, availableParallelism()));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
