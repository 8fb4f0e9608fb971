/** The batch worker from its start to its stop: what it is made of, and in which order. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Logger, pino } from 'pino';
import { asNutrisageError } from '../core/errors.ts';
import { createRegistry } from '../core/metrics/registry.ts';
import { createDynamoDbLedger } from './adapters/dynamodb-ledger.ts';
import { createEcsTaskProtection } from './adapters/ecs-task-protection.ts';
import { openQueue } from './adapters/open-queue.ts';
import { REQUEST_PATIENCE } from './adapters/request-patience.ts';
import { createS3Client, createS3ObjectStore } from './adapters/s3-object-store.ts';
import { type BatchWorker, startBatchWorker } from './batch-worker.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { WorkerConfig } from './config.ts';
import { watchEventLoop } from './event-loop-watch.ts';
import { type Metrics, startMetrics } from './metrics/start-metrics.ts';
import { createWorkerMeter } from './metrics/worker-meter.ts';
import { createCurrentModel } from './models/current-model.ts';
import { createModelBases } from './models/model-basis.ts';
import { readCurrentVersion } from './models/model-store.ts';
import { guardWhileBusy, type TaskGuard } from './protection/guard-while-busy.ts';
import type { WorkQueue } from './queue/work-queue.ts';
import { createThreadPool } from './threads/thread-pool.ts';

/** A last attempt is given up after this many visibility timeouts, and never before a quarter of an hour. */
const LAST_ATTEMPT_TIMEOUTS = 10;
const LAST_ATTEMPT_SECONDS_MIN = 900;

/**
 * Resolves when everything taken is settled and every thread has ended.
 * @param stopAsked resolves with what asked for the stop, perhaps before the worker has started.
 */
export async function runWorker(config: WorkerConfig, stopAsked: Promise<string>): Promise<void> {
  // One destination for log lines and metrics: whole lines, in their order.
  const output = pino.destination(1);
  const log = pino({ level: config.logLevel, base: { worker: config.workerName } }, output);
  const parts = await makeParts(config, log);
  const signal = await orEnd(parts, Promise.race([stopAsked, reachServices(parts)]));
  if (signal !== undefined) {
    log.info({ signal }, 'worker stops before it has started');
    await end(parts);
    return;
  }
  const metrics = await orEnd(
    parts,
    startWorkerMetrics(config, parts, (line) => output.write(line)),
  );

  // From here on the loop must not stall: loading the programs did, but nothing was taken before.
  const watch = watchEventLoop(log);
  const stopCollecting = collectGarbage();
  const guard = guardTask(config.ecsAgentUri, parts);
  const worker = startWork(config, parts, guard.queue);
  log.info(
    { threads: config.threads, shardRows: config.shardRows, metricsPort: metrics.port },
    'worker started',
  );
  process.send?.({ kind: 'ready', metricsPort: metrics.port });
  // A thread loads it while nobody waits; what is wrong with it is in the log, and told to whoever plans.
  parts.currentModel.version().catch(() => {});

  log.info({ signal: await stopAsked }, 'worker stops');
  guard.stop();
  await worker.stop();
  log.info(
    { longestGapMs: Math.round(watch.longestGapMs()), longestTurnMs: watch.longestTurnMs() },
    'worker stopped',
  );
  stopCollecting();
  watch.stop();
  await metrics.stop();
  parts.work.close();
}

type Parts = Awaited<ReturnType<typeof makeParts>>;

async function makeParts(config: WorkerConfig, log: Logger) {
  const store = createS3ObjectStore(createS3Client(process.env));
  const tables = new DynamoDBClient({ requestHandler: { ...REQUEST_PATIENCE } });
  const threads = createThreadPool({
    threads: config.threads,
    settings: {
      dataBucket: config.dataBucket,
      modelBucket: config.modelBucket,
      gradesTable: config.gradesTable,
      rowGroupBytesMax: config.rowGroupBytesMax,
      ceilings: config.ceilings,
      retentionDays: config.retentionDays,
      engine: config.engine,
    },
    stuckMs: config.stuckSeconds * 1000,
    log,
  });
  const readPointer = () => readCurrentVersion(store, config.modelBucket);
  const currentModel = createCurrentModel({
    readPointer,
    check: threads.checkModel,
    now: () => performance.now(),
    log,
  });
  return {
    store,
    threads,
    work: await openQueue(config, log),
    ledger: createDynamoDbLedger(tables, config.jobsTable),
    readPointer,
    currentModel,
    registry: createRegistry('worker'),
    clock: () => new Date(),
    log,
  };
}

/** Outside of ECS nothing takes tasks away. */
function guardTask(agentUri: string | undefined, { work, log }: Parts): TaskGuard {
  const { queue } = work;
  if (agentUri === undefined) return { queue, stop: () => {} };
  return guardWhileBusy({
    queue,
    protection: createEcsTaskProtection(agentUri),
    now: () => performance.now(),
    log,
  });
}

function startWork(config: WorkerConfig, parts: Parts, queue: WorkQueue): BatchWorker {
  const { store, threads, ledger, currentModel, registry, clock, log } = parts;
  return startBatchWorker(
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
      clock,
      meter: createWorkerMeter(registry),
      log,
    },
    { threads: config.threads, stopSeconds: config.stopSeconds },
  );
}

/** @throws {ConfigError} when the port can not be had. */
function startWorkerMetrics(
  config: WorkerConfig,
  { registry, threads, currentModel, work, clock, log }: Parts,
  write: (line: string) => void,
): Promise<Metrics> {
  return startMetrics(config, {
    registry,
    service: 'worker',
    threadUse: threads.use,
    modelRefusals: currentModel.refusals,
    modelVersion: currentModel.inUse,
    queueDepths: work.depths,
    write,
    clock,
    log,
  });
}

/** Ends what a worker has open that has taken nothing yet. */
async function end({ work, threads }: Parts): Promise<void> {
  work.close();
  await threads.stop();
}

async function orEnd<T>(parts: Parts, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    await end(parts);
    throw error;
  }
}

/**
 * Calls queue, store and ledger once before anything is taken: what is wrong with the configuration is said at the
 * start, and the SDK loads what it loads at its first call (50 ms on the event loop) while nobody waits.
 *
 * @throws {ConfigError} when the queue's server may not hold one; other faults may pass, and are logged.
 */
async function reachServices(
  services: Pick<Parts, 'ledger' | 'readPointer' | 'work' | 'log'>,
): Promise<void> {
  await services.work.check();
  const calls = [services.readPointer(), services.ledger.job('none')];
  for (const outcome of await Promise.allSettled(calls)) {
    if (outcome.status === 'fulfilled') continue;
    const error = asNutrisageError(outcome.reason);
    services.log.error({ code: error.code, remedy: error.remedy, err: error }, error.message);
  }
}
