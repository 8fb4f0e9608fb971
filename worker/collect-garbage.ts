/**
 * Garbage that is collected at a time of the worker's own choosing, so that its memory does not grow with a job
 * (docs/adr/0023-garbage-at-chosen-times.md).
 */
import { measureMemory } from 'node:vm';

/** Two to four million rows. */
const PAUSE_MS = 10_000;

/**
 * Collects the event loop's heap by the clock: a megabyte in a million rows outlives its small young generation, and V8 lets it
 * lie until the heap has grown by far more.
 * @returns stops it
 */
export function collectGarbage(collect: () => unknown = collectBesides): () => void {
  const timer = setInterval(collect, PAUSE_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * V8 collects to measure, in small steps and on threads of its own: the loop stands still for 3 to 12 ms at a time. `gc()` of
 * `--expose-gc` held it up for 23 to 34. Where V8 refuses to measure nothing is collected.
 */
function collectBesides(): void {
  measureMemory({ mode: 'summary', execution: 'eager' }).catch(() => {});
}

/**
 * Collects what a thread's task has left, in half a millisecond: most columns of a shard are held by young objects, and would
 * lie beside those of the next. Only with `--expose-gc` (`WORKER_NODE_FLAGS`).
 */
export function collectTask(
  collect: ((options: NodeJS.GCOptions) => unknown) | undefined = globalThis.gc,
): void {
  collect?.({ type: 'minor' });
}
