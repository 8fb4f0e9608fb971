/**
 * Whether a request that comes now would wait too long: for what the desk has, or for the event loop itself, which stands
 * behind when more connections send than it can serve. Then it is refused at once, so that those that were taken are
 * answered in time.
 */
export interface LoadGauge {
  /** What a request would wait for, in milliseconds. */
  waitMs(): number;
  isOverloaded(): boolean;
  /** The latest that the event loop ever was, in milliseconds. */
  longestLateMs(): number;
  stop(): void;
}

export interface LoadGaugePorts {
  /** What waits at the desk, in milliseconds. */
  readonly deskMs: () => number;
  readonly waitMsMax: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Between two looks at how late the event loop is. */
const LOOK_MS = 20;

export function createLoadGauge({ deskMs, waitMsMax, now }: LoadGaugePorts): LoadGauge {
  let due = now() + LOOK_MS;
  let lateMs = 0;
  let longest = 0;
  const timer = setInterval(() => {
    const at = now();
    lateMs = Math.max(0, at - due);
    longest = Math.max(longest, lateMs);
    due = at + LOOK_MS;
  }, LOOK_MS);
  timer.unref();
  const waitMs = (): number => Math.max(deskMs(), lateMs);
  return {
    waitMs,
    isOverloaded: () => waitMs() > waitMsMax,
    longestLateMs: () => longest,
    stop: () => clearInterval(timer),
  };
}
