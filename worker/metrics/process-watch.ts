/** What a process shows of itself: its event loop, threads, memory, model, and the queues as it sees them. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Registry } from '../../core/metrics/registry.ts';
import type { ThreadUse } from '../threads/thread-pool.ts';

/** Messages of the jobs queue and of the dead-letter queue, as the service counts them: approximately. */
export interface QueueDepths {
  readonly waiting: number;
  readonly inFlight: number;
  readonly dead: number;
  /** Age of the oldest message that is not done; absent where the service has it as a metric of its own. */
  readonly oldestSeconds?: number;
}

export interface ProcessWatchPorts {
  readonly registry: Registry;
  readonly threadUse: () => ThreadUse;
  readonly modelRefusals: () => number;
  /** Undefined while there is none. */
  readonly modelVersion: () => string | undefined;
  /** Absent: this program has no queue. */
  readonly queueDepths: (() => Promise<QueueDepths>) | undefined;
  readonly log: Logger;
}

export interface ProcessWatch {
  /** Brings the gauges up to date; called before each look at the registry. */
  refresh(): void;
  stop(): void;
}

const SECOND_MS = 1000;
/** The timer behind the measure of delays fires so often. */
const RESOLUTION_MS = 10;
const NANOSECONDS_PER_SECOND = 1e9;
/** 12,000 calls a day and worker: half a cent. */
const DEPTHS_SECONDS = 15;

export function watchProcess(ports: ProcessWatchPorts): ProcessWatch {
  const { registry } = ports;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const seconds = setInterval(() => {
    registry.observe('EventLoopDelay', longestDelay(delay.max));
    delay.reset();
  }, SECOND_MS);
  seconds.unref();
  const stopDepths = watchDepths(ports);
  let last = { use: ports.threadUse(), refusals: ports.modelRefusals(), at: performance.now() };

  return {
    refresh() {
      const now = { use: ports.threadUse(), refusals: ports.modelRefusals(), at: performance.now() };
      const availableMs = (now.at - last.at) * now.use.threads;
      registry.set('Up', 1);
      registry.set('Threads', now.use.threads);
      // Two looks in the same moment would divide by nothing.
      if (availableMs > 0)
        registry.set('ThreadUse', Math.min(100, (100 * (now.use.busyMs - last.use.busyMs)) / availableMs));
      registry.add('ThreadDeaths', now.use.deaths - last.use.deaths);
      registry.add('ModelRefusals', now.refusals - last.refusals);
      registry.set('ResidentMemory', process.memoryUsage.rss());
      const version = ports.modelVersion();
      if (version !== undefined) registry.tell('ModelVersion', { Version: version });
      last = now;
    },
    stop() {
      clearInterval(seconds);
      stopDepths();
      delay.disable();
    },
  };
}

/** Beyond the pause between two ticks of the timer itself. */
function longestDelay(nanoseconds: number): number {
  return Math.max(0, nanoseconds / NANOSECONDS_PER_SECOND - RESOLUTION_MS / SECOND_MS);
}

function watchDepths({ queueDepths, registry, log }: ProcessWatchPorts): () => void {
  if (queueDepths === undefined) return () => {};
  let isFailing = false;
  const look = async (): Promise<void> => {
    try {
      const { waiting, inFlight, dead, oldestSeconds } = await queueDepths();
      registry.set('BacklogMessages', waiting);
      registry.set('InFlightMessages', inFlight);
      registry.set('DeadLetterMessages', dead);
      if (oldestSeconds !== undefined) registry.set('OldestMessageAge', oldestSeconds);
      isFailing = false;
    } catch (error) {
      // Once: a role that may not ask would fill the log with it.
      if (!isFailing) log.warn({ err: error }, 'the queues’ depths can not be told');
      isFailing = true;
    }
  };
  void look();
  const timer = setInterval(() => void look(), DEPTHS_SECONDS * SECOND_MS);
  timer.unref();
  return () => clearInterval(timer);
}
