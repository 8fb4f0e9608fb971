/** The page of the local stack: looks at the system again and again, and tells all pages that are open. */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { reportKey } from '../../core/jobs/keys.ts';
import { openAwsServices } from '../../producer/adapters/aws-services.ts';
import { settleConfiguration } from '../../producer/configuration.ts';
import { ALARM_NAMES, alarmOf } from '../../schemas/alarms.ts';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { LOOPBACK } from '../stack/addresses.ts';
import { listenError } from '../stack/stack-error.ts';
import type { LocalStack } from '../start-local-stack.ts';
import { readClientModules } from './client-modules.ts';
import { createDashboardApp } from './dashboard-app.ts';
import type { DashboardState } from './dashboard-state.ts';
import { createEventStream } from './event-stream.ts';
import { foldReading, startDashboardState } from './fold-reading.ts';
import { makeView } from './make-view.ts';
import type { PageView } from './page-view.ts';
import { createModelReader } from './read-model.ts';
import { createRedisQueueReader, type QueueReader, readQueue } from './read-queue.ts';
import { createSystemReader, type EndpointPlace } from './read-system.ts';
import type { DesiredWorkers } from './reading.ts';
import { parseRunbook } from './runbook.ts';

export interface DashboardOptions {
  readonly stack: Pick<LocalStack, 'servers' | 'environment' | 'fleet' | 'endpoint'> &
    Partial<Pick<LocalStack, 'queue' | 'autoscaling'>>;
  /** 0 for any free one. */
  readonly port: number;
  /** Periods of alarms pass so many times as fast as their table says. @default 1 */
  readonly alarmSpeed?: number;
  /** Takes a sentence for each alarm that is raised or cleared. @default none */
  readonly report?: (sentence: string) => void;
}

export interface Dashboard {
  /** Of the page. */
  readonly address: string;
  /** Later calls await the first. */
  stop(): Promise<void>;
}

/** While a page is open. */
const LOOK_MS = 1000;
/** While nobody watches: alarms go on, and charts have a past. */
const SELDOM_MS = 5000;

/** @throws {StackError} when the port can not be used. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { stack, port, alarmSpeed = 1, report = () => {} } = options;
  const runbook = parseRunbook(readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8'));
  const client = readClientModules();
  const services = openAwsServices(settleConfiguration(stack.environment, undefined));
  const queue = queueReader(stack);
  const readSystem = createSystemReader({
    services,
    readQueue: queue.read,
    members: () => stack.fleet?.members ?? [],
    desired: () => desiredOf(stack),
    readModel: createModelReader(services.store, RESOURCES.modelBucket),
    endpoint: () => endpointOf(stack),
  });
  const events = createEventStream();
  let state = startDashboardState(Date.now());
  let view: PageView | undefined;
  let wake = new AbortController();
  const stopping = new AbortController();

  const app = createDashboardApp({
    client,
    events,
    start: () => ({ startedAt: state.startedAt, history: state.history, runbook }),
    view: () => view,
    onReader: () => wake.abort(),
    report: (job) => services.store.readText(services.dataBucket, reportKey(job)),
  });
  await app.listen({ host: LOOPBACK, port }).catch(async (cause: unknown) => {
    services.close();
    queue.close();
    await app.close();
    throw listenError({ server: 'dashboard', port, setting: '--dashboard-port' }, cause);
  });
  const address = `http://${LOOPBACK}:${portOf(app.server.address())}/`;

  const look = async (): Promise<void> => {
    const before = state;
    state = foldReading(state, await readSystem(Date.now()), alarmSpeed);
    view = makeView(state);
    if (view !== undefined) events.publish(view);
    for (const sentence of alarmSentences(before, state, address)) report(sentence);
  };
  let lastFault = '';
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      await look().catch((error: unknown) => {
        // The stack goes on without its page; the same fault is told once.
        if (String(error) !== lastFault) report(`The dashboard can not look at the stack: ${error}`);
        lastFault = String(error);
      });
      const everyMs = events.readers > 0 ? LOOK_MS : SELDOM_MS;
      wake = new AbortController();
      const signal = AbortSignal.any([wake.signal, stopping.signal]);
      const restMs = Math.max(0, everyMs - (performance.now() - startedAt));
      await pause(restMs, undefined, { signal }).catch(() => {});
    }
  };
  const watching = watch();
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    events.close();
    await watching;
    await app.close();
    queue.close();
    services.close();
  };
  return {
    address,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function desiredOf({ autoscaling }: DashboardOptions['stack']): DesiredWorkers | undefined {
  if (autoscaling === undefined) return undefined;
  const { tasksMin: least, tasksMax: most } = autoscaling.policy;
  return { desired: autoscaling.observations.at(-1)?.desired ?? least, least, most };
}

function endpointOf({ endpoint }: Pick<LocalStack, 'endpoint'>): EndpointPlace | undefined {
  if (endpoint === undefined) return undefined;
  const { address } = endpoint;
  return { address, metricsAddress: `${address}/metrics` };
}

function queueReader({ servers, queue }: DashboardOptions['stack']): QueueReader {
  const redisUrl = queue?.environment[ENVIRONMENT.redisUrl];
  return queue === undefined || redisUrl === undefined
    ? { read: () => readQueue(servers.store), close: () => {} }
    : createRedisQueueReader(queue.depths, redisUrl);
}

function portOf(address: ReturnType<Server['address']>): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function alarmSentences(before: DashboardState, after: DashboardState, address: string): readonly string[] {
  return ALARM_NAMES.flatMap((name) => {
    const [was, is] = [before, after].map(({ alarms }) => alarms.standings.get(name)?.state);
    if (was === is) return [];
    const { heading, sentence, severity } = alarmOf(name);
    return is === 'alarm'
      ? [`Alarm, ${heading} (${severity}): ${sentence} What to do: ${address}#${name}`]
      : [`Alarm over: ${heading}.`];
  });
}
