/** The endpoint from its start to its stop: what it is made of, and in which order. */
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Logger, pino } from 'pino';
import { createRegistry } from '../../core/metrics/registry.ts';
import type { Readiness } from '../../schemas/http.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { createDynamoDbGradeHistory } from '../adapters/dynamodb-grade-history.ts';
import { createDynamoDbLedger } from '../adapters/dynamodb-ledger.ts';
import { REQUEST_PATIENCE } from '../adapters/request-patience.ts';
import { createS3Client, createS3ObjectStore } from '../adapters/s3-object-store.ts';
import { countFindings } from '../metrics/count-findings.ts';
import { startMetrics } from '../metrics/start-metrics.ts';
import { createModelBases } from '../models/model-basis.ts';
import { readCurrentVersion } from '../models/model-store.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { ConfigError } from '../settings.ts';
import type { EndpointConfig } from './config.ts';
import { createSliceGrader } from './grading/grade-slice.ts';
import { createGradingDesk } from './grading/grading-desk.ts';
import type { ServingModel } from './grading/serving-model.ts';
import { createApp } from './http/app.ts';
import { closerOf } from './http/close-app.ts';
import { singleAnswers } from './http/grade-route.ts';
import type { LookupPorts } from './http/lookup-routes.ts';
import { ProblemError } from './http/problem.ts';
import { createKeyring } from './keys/keyring.ts';
import { createLoadGauge } from './limits/load-gauge.ts';
import { createRateLimiter } from './limits/rate-limiter.ts';
import { createEndpointMeter } from './metrics/endpoint-meter.ts';
import { createRequestWindow } from './metrics/request-window.ts';
import { loadServingModel } from './model/load-serving-model.ts';
import { createModelKeeper, type ModelKeeper } from './model/model-keeper.ts';
import { probeModel } from './model/probe-model.ts';
import { readPageFiles } from './page/page-files.ts';

/** Rows that are graded at once: what some hundred connections send in one turn of the event loop. */
const SLICE_ROWS_MAX = 256;

/** It has none of the threads that grade shards. */
const NO_THREADS = { threads: 0, busyMs: 0, deaths: 0 } as const;

const now = (): number => performance.now();

/**
 * Resolves when what was taken is answered and everything has ended.
 * @param stopAsked resolves with what asked for the stop, perhaps before there is a model.
 * @throws {ConfigError} when an address can not be listened on.
 */
export async function runEndpoint(config: EndpointConfig, stopAsked: Promise<string>): Promise<void> {
  // One destination for log lines and metrics: whole lines, in their order.
  const output = pino.destination(1);
  const log = pino({ level: config.logLevel, base: { endpoint: config.workerName } }, output);
  const store = createS3ObjectStore(createS3Client(process.env));
  const models = keepModel(config, store, log);
  /** An address that can not be had is told once the model's thread has ended. */
  const stopped = async (error: unknown): Promise<never> => {
    await models.stop();
    throw error;
  };
  const meter = createMeter(config, store, log);
  const metrics = await startMetrics(config, {
    registry: meter.registry,
    service: 'endpoint',
    isAsked: true,
    threadUse: () => NO_THREADS,
    modelRefusals: models.refusals,
    modelVersion: () => models.serving()?.version,
    queueDepths: undefined,
    write: (line) => output.write(line),
    clock: () => new Date(),
    log,
  }).catch(stopped);
  const desk = createGradingDesk<FastifyReply>({
    grader: createSliceGrader(config.rules, SLICE_ROWS_MAX, meter),
    model: () => servingOf(models),
    singles: singleAnswers,
    now,
  });
  const gauge = createLoadGauge({ deskMs: desk.waitMs, waitMsMax: config.waitMsMax, now });
  let isStopping = false;
  const app = createApp(config.app, {
    desk,
    model: () => servingOf(models),
    readiness: () => readinessOf(config, models, isStopping),
    isStopping: () => isStopping,
    isOverloaded: gauge.isOverloaded,
    lookup: lookupOf(config),
    metrics() {
      meter.refresh();
      return metrics.text();
    },
    page: config.clients === undefined ? readPageFiles(config.rules) : undefined,
    keys: config.clients && createKeyring(config.clients),
    rateLimiter: createRateLimiter(now),
    meter,
    log,
  });
  const close = closerOf(app);
  const address = await listen(app, config).catch(stopped);
  // Heard by whoever keeps the process alive; `/health/ready` tells whether it can grade.
  process.send?.({ kind: 'ready' });
  log.info({ address }, `endpoint listens on ${address}`);
  void models.first.then(() => log.info({ address }, 'endpoint ready'));

  log.info({ signal: await stopAsked }, 'endpoint stops');
  // Readiness fails from here on, while the load balancer still sends; then no more connections are taken.
  isStopping = true;
  await pause(config.drainSeconds * 1000);
  await close(config.stopSeconds, () => log.warn('requests that were not answered in time are cut off'));
  gauge.stop();
  await models.stop();
  meter.refresh();
  await metrics.stop();
  log.info({ longestLateMs: Math.round(gauge.longestLateMs()) }, 'endpoint stopped');
}

function createMeter({ modelBucket }: EndpointConfig, store: ObjectStore, log: Logger) {
  const registry = createRegistry('endpoint');
  const window = createRequestWindow({
    basis: createModelBases(store, modelBucket),
    found: (drift, agreement) => countFindings(registry, drift, agreement),
    now,
    log,
  });
  return { registry, ...createEndpointMeter(registry, window) };
}

function keepModel(
  { modelBucket, engine, rules }: EndpointConfig,
  store: ObjectStore,
  log: Logger,
): ModelKeeper {
  return createModelKeeper({
    readPointer: () => readCurrentVersion(store, modelBucket),
    load: (version) => loadServingModel({ modelBucket, version, engine }),
    probe: (model) => probeModel(model, rules),
    now,
    log,
  });
}

function servingOf(models: ModelKeeper): ServingModel {
  const model = models.serving();
  if (model === undefined) throw new ProblemError('not-ready', { headers: { 'retry-after': '1' } });
  return model;
}

function readinessOf({ rules }: EndpointConfig, models: ModelKeeper, isStopping: boolean): Readiness {
  const model = models.serving();
  if (isStopping) return { status: 'not ready', reason: 'the endpoint is stopping', rules };
  if (model === undefined) return { status: 'not ready', reason: models.reason(), rules };
  return { status: 'ready', modelVersion: model.version, explains: model.explain !== undefined, rules };
}

function lookupOf({ gradesTable, jobsTable }: EndpointConfig): LookupPorts {
  const client = new DynamoDBClient({ requestHandler: { ...REQUEST_PATIENCE } });
  return {
    grades: gradesTable === undefined ? undefined : createDynamoDbGradeHistory(client, gradesTable),
    jobs: jobsTable === undefined ? undefined : createDynamoDbLedger(client, jobsTable),
  };
}

/** The address that clients use. @throws {ConfigError} */
async function listen(app: FastifyInstance, { host, port }: EndpointConfig): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const where = `${ENVIRONMENT.endpointHost} is ${host} and ${ENVIRONMENT.endpointPort} ${port}`;
    throw new ConfigError('endpoint', [
      `${where}, which can not be listened on (${reason}): give a free port, or 0 for any.`,
    ]);
  }
}
