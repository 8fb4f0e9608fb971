/** The batch worker from its start to its stop: what it is made of, and in which order. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Logger, pino } from 'pino';
import { asNutrisageError } from '../core/errors.ts';
import { createDynamoDbLedger } from './adapters/dynamodb-ledger.ts';
import { REQUEST_PATIENCE } from './adapters/request-patience.ts';
import { createS3Client, createS3ObjectStore } from './adapters/s3-object-store.ts';
import { createSqsWorkQueue } from './adapters/sqs-work-queue.ts';
import { startBatchWorker } from './batch-worker.ts';
import type { WorkerConfig } from './config.ts';
import { watchEventLoop } from './event-loop-watch.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createCurrentModel } from './models/current-model.ts';
import { createModelBases } from './models/model-basis.ts';
import { readCurrentVersion } from './models/model-store.ts';
import { createThreadPool } from './threads/thread-pool.ts';

/** A last attempt is given up after this many visibility timeouts, and never before a quarter of an hour. */
const LAST_ATTEMPT_TIMEOUTS = 10;
const LAST_ATTEMPT_SECONDS_MIN = 900;

/**
 * Resolves when everything taken is settled and every thread has ended.
 * @param stopAsked resolves with what asked for the stop, perhaps before the worker has started.
 */
export async function runWorker(config: WorkerConfig, stopAsked: Promise<string>): Promise<void> {
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
  const signal = await Promise.race([stopAsked, reachServices({ ledger, readPointer, log })]);
  if (signal !== undefined) {
    log.info({ signal }, 'worker stops before it has started');
    await threads.stop();
    return;
  }

  // From here on the loop must not stall: loading the programs did, but nothing was taken before.
  const watch = watchEventLoop(log);
  const worker = startBatchWorker(
    {
      queue,
      ledger,
      store,
      threads,
      dataBucket: config.dataBucket,
      modelBasis: createModelBases(store, config.modelBucket),
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

  log.info({ signal: await stopAsked }, 'worker stops');
  await worker.stop();
  log.info(
    { longestGapMs: Math.round(watch.longestGapMs()), longestTurnMs: watch.longestTurnMs() },
    'worker stopped',
  );
  watch.stop();
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
