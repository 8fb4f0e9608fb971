/** Finds threads that have a task and make no step for too long. */

export interface Pulsing {
  /** Grows with each step of the task. */
  readonly pulse: number;
}

const LOOKS_PER_LIMIT = 4;
const LOOK_MS_MAX = 1000;

/**
 * Calls `onStuck` for each of `busy()` whose pulse has stood still for `limitMs`. A look that comes late says that
 * the event loop stood still itself, or the whole machine: nobody is blamed for that time.
 * @returns stops it
 */
export function watchPulses<T extends Pulsing>(
  busy: () => readonly T[],
  limitMs: number,
  onStuck: (stuck: T) => void,
): () => void {
  const everyMs = Math.min(LOOK_MS_MAX, limitMs / LOOKS_PER_LIMIT);
  const seen = new Map<T, { readonly pulse: number; readonly since: number }>();
  let lookedAt = performance.now();

  const look = (): void => {
    const now = performance.now();
    const wasAsleep = now - lookedAt > 2 * everyMs;
    lookedAt = now;
    if (wasAsleep) seen.clear();
    const working = new Set(busy());
    for (const known of seen.keys()) if (!working.has(known)) seen.delete(known);
    for (const thread of working) {
      const before = seen.get(thread);
      const moved = before === undefined || before.pulse !== thread.pulse;
      if (moved) seen.set(thread, { pulse: thread.pulse, since: now });
      else if (now - before.since >= limitMs) {
        seen.delete(thread);
        onStuck(thread);
      }
    }
  };
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
}
