/** Watches the event loop: heartbeats, health and signals live on it, so it must never stall above 50 ms. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from 'pino';

const RESOLUTION_MS = 5;
const REPORT_SECONDS = 60;
const NANOSECONDS_PER_MS = 1e6;
const MICROSECONDS_PER_MS = 1000;

export interface EventLoopWatch {
  /** Longest gap since the watch began, beyond its own resolution. */
  longestGapMs(): number;
  /**
   * Longest turn of the loop, in processor time: a gap of our own making. A busy machine, where the kernel gives
   * the processor to others, makes gaps but no long turns.
   */
  longestTurnMs(): number;
  stop(): void;
}

export function watchEventLoop(log: Logger): EventLoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let longest = 0;
  const take = (): number => {
    longest = Math.max(longest, histogram.max / NANOSECONDS_PER_MS - RESOLUTION_MS);
    return longest;
  };
  const turns = watchTurns();
  const timer = setInterval(() => {
    log.info(
      {
        longestGapMs: Math.round(take()),
        longestTurnMs: turns.longestMs(),
        p99Ms: histogram.percentile(99) / NANOSECONDS_PER_MS,
      },
      'event loop',
    );
    histogram.reset();
  }, REPORT_SECONDS * 1000);
  timer.unref();
  return {
    longestGapMs: take,
    longestTurnMs: turns.longestMs,
    stop() {
      turns.stop();
      clearInterval(timer);
      histogram.disable();
    },
  };
}

/** Looks every few milliseconds how much processor time this thread took since the last look. */
function watchTurns(): { longestMs(): number; stop(): void } {
  let before = process.threadCpuUsage();
  let longest = 0;
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    const microseconds = now.user - before.user + (now.system - before.system);
    longest = Math.max(longest, microseconds / MICROSECONDS_PER_MS);
    before = now;
  }, RESOLUTION_MS);
  timer.unref();
  return {
    longestMs: () => Math.round(longest),
    stop: () => clearInterval(timer),
  };
}
