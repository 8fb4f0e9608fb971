/** The endpoint from its start to its stop: what it is made of, and in which order. */
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Logger, pino } from 'pino';
import type { Readiness } from '../../schemas/http.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { createDynamoDbGradeHistory } from '../adapters/dynamodb-grade-history.ts';
import { createDynamoDbLedger } from '../adapters/dynamodb-ledger.ts';
import { REQUEST_PATIENCE } from '../adapters/request-patience.ts';
import { createS3Client, createS3ObjectStore } from '../adapters/s3-object-store.ts';
import { watchEventLoop } from '../event-loop-watch.ts';
import { readCurrentVersion } from '../models/model-store.ts';
import { ConfigError } from '../settings.ts';
import type { EndpointConfig } from './config.ts';
import { createSliceGrader } from './grading/grade-slice.ts';
import { createGradingDesk } from './grading/grading-desk.ts';
import type { ServingModel } from './grading/serving-model.ts';
import { createApp } from './http/app.ts';
import { singleAnswers } from './http/grade-route.ts';
import type { LookupPorts } from './http/lookup-routes.ts';
import { ProblemError } from './http/problem.ts';
import { createKeyring } from './keys/keyring.ts';
import { createLoadGauge } from './limits/load-gauge.ts';
import { createRateLimiter } from './limits/rate-limiter.ts';
import { loadServingModel } from './model/load-serving-model.ts';
import { createModelKeeper, type ModelKeeper } from './model/model-keeper.ts';
import { probeModel } from './model/probe-model.ts';

/** Rows that are graded at once: what some hundred connections send in one turn of the event loop. */
const SLICE_ROWS_MAX = 256;

/**
 * Resolves when what was taken is answered and everything has ended.
 * @param stopAsked resolves with what asked for the stop, perhaps before there is a model.
 * @throws {ConfigError} when the address can not be listened on.
 */
export async function runEndpoint(config: EndpointConfig, stopAsked: Promise<string>): Promise<void> {
  const log = pino({ level: config.logLevel, base: { endpoint: config.name } });
  const now = (): number => performance.now();
  const models = keepModel(config, now, log);
  const meter = { graded() {}, rejected() {}, arrived() {}, answered() {}, shed() {} };
  const grader = createSliceGrader(config.rules, SLICE_ROWS_MAX, meter);
  const desk = createGradingDesk<FastifyReply>({
    grader,
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
    keys: config.clients && createKeyring(config.clients),
    rateLimiter: createRateLimiter(now),
    meter,
    log,
  });
  const address = await listen(app, config).catch(async (error: unknown) => {
    await models.stop();
    throw error;
  });
  const watch = watchEventLoop(log);
  const stopped = stopAsked.then((signal) => log.info({ signal }, 'endpoint stops'));
  const isReady = await Promise.race([models.first.then(() => true), stopped.then(() => false)]);
  if (isReady) {
    log.info({ address }, `endpoint ready on ${address}`);
    process.send?.({ kind: 'ready', address });
  }

  await stopped;
  // Readiness fails from here on, while the load balancer still sends; then no more connections are taken.
  isStopping = true;
  await pause(config.drainSeconds * 1000);
  await close(app, config.stopSeconds, log);
  gauge.stop();
  await models.stop();
  log.info(
    { longestGapMs: Math.round(watch.longestGapMs()), longestTurnMs: watch.longestTurnMs() },
    'endpoint stopped',
  );
  watch.stop();
}

function keepModel(
  { modelBucket, engine, rules }: EndpointConfig,
  now: () => number,
  log: Logger,
): ModelKeeper {
  const store = createS3ObjectStore(createS3Client(process.env));
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
  return { status: 'ready', modelVersion: model.version, rules };
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

/** Answers what was taken, and cuts off what is not answered by then. */
async function close(app: FastifyInstance, seconds: number, log: Logger): Promise<void> {
  const late = setTimeout(() => {
    log.warn({ seconds }, 'requests that were not answered in time are cut off');
    app.server.closeAllConnections();
  }, seconds * 1000);
  await app.close();
  clearTimeout(late);
}
