/** Watches the event loop: heartbeats, health and signals live on it, so it must never stall above 50 ms. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from 'pino';

const RESOLUTION_MS = 5;
const REPORT_SECONDS = 60;
const NANOSECONDS_PER_MS = 1e6;

export interface EventLoopWatch {
  /** Longest gap since the watch began, beyond its own resolution. */
  longestGapMs(): number;
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
  const timer = setInterval(() => {
    log.info(
      { longestGapMs: Math.round(take()), p99Ms: histogram.percentile(99) / NANOSECONDS_PER_MS },
      'event loop',
    );
    histogram.reset();
  }, REPORT_SECONDS * 1000);
  timer.unref();
  return {
    longestGapMs: take,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
