/**
 * What the event loop and one grading thread tell each other without a message, since a thread that is in the midst
 * of a block hears none: the thread counts its steps, the loop says that nobody waits for them any more.
 */
const PULSE = 0;
const ABANDONED = 1;

export type ThreadSignals = Int32Array<SharedArrayBuffer>;

export function createThreadSignals(): ThreadSignals {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** A step was made: the thread is not stuck. */
export function beat(signals: ThreadSignals): void {
  Atomics.add(signals, PULSE, 1);
}

export function pulseOf(signals: ThreadSignals): number {
  return Atomics.load(signals, PULSE);
}

/** What the thread has in hand is given to another: it must write nothing more. */
export function abandon(signals: ThreadSignals): void {
  Atomics.store(signals, ABANDONED, 1);
}

export function isAbandoned(signals: ThreadSignals): boolean {
  return Atomics.load(signals, ABANDONED) !== 0;
}
