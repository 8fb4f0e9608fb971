/**
 * What an on-demand table takes as it grows: "up to twice its previous peak within 30 minutes", from where it stands to its quota.
 * Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html. Between two doublings it may take
 * more; that is not counted on.
 */
import { SERVICE_LIMITS } from './service-limits.ts';

const DOUBLING_SECONDS = 1800;

/**
 * Writes of 1 KB a second that a table takes which has been written to, as fast as it would, for so long.
 * @param atOnce what it took at the begin.
 */
export function tableWritesAfter(atOnce: number, seconds: number): number {
  const grown = atOnce * 2 ** Math.floor(seconds / DOUBLING_SECONDS);
  return Math.max(atOnce, Math.min(grown, SERVICE_LIMITS.tableWritesPerSecond));
}

/** Seconds until so many writes are done. */
export function tableSeconds(atOnce: number, writes: number): number {
  let seconds = 0;
  let left = writes;
  for (;;) {
    const rate = tableWritesAfter(atOnce, seconds);
    const isGrown = tableWritesAfter(atOnce, seconds + DOUBLING_SECONDS) === rate;
    if (isGrown || left <= rate * DOUBLING_SECONDS) return seconds + left / rate;
    left -= rate * DOUBLING_SECONDS;
    seconds += DOUBLING_SECONDS;
  }
}
