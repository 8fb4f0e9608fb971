/** Sends what a schedule asks for, when it is due, and waits for the last answer. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Arrivals } from './arrivals.ts';
import type { LoadOutcome, LoadTally } from './load-tally.ts';

export interface Answered {
  /** Of HTTP; undefined where none came. */
  readonly status: number | undefined;
  /** Code of the error where no answer came, such as `ECONNREFUSED`. */
  readonly error: string | undefined;
}

export interface LoadPorts {
  /** Sends one request, never rejected. */
  readonly ask: (index: number) => Promise<Answered>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** From the moment a request is due, for how long it is tried again where nobody answered or it was shed. */
  readonly retryMs: number;
  /** Requests under way at once; above it the client waits, and the wait counts. */
  readonly flightsMax: number;
  /** Called now and then. */
  readonly progress: (sent: number) => void;
  readonly signal: AbortSignal;
}

const SHED = 503;
const RETRY_PAUSE_MS = 20;
const RETRY_PAUSE_MS_MAX = 500;
const PROGRESS_MS = 5000;

/** Ends early, once what is under way is answered, when the signal is aborted. */
export async function sendLoad(arrivals: Arrivals, tally: LoadTally, ports: LoadPorts): Promise<void> {
  const { now, signal, flightsMax } = ports;
  const start = now();
  let flights = 0;
  let landed: (() => void) | undefined;
  const waitForLanding = (): Promise<void> =>
    new Promise((resolve) => {
      landed = resolve;
    });
  let toldAt = start;

  for (let index = 0; index < arrivals.count && !signal.aborted; index += 1) {
    const dueMs = arrivals.dueMs(index);
    const ahead = start + dueMs - now();
    // A timer's millisecond at the least: to spin until the moment would take a core from the endpoint beside it.
    if (ahead > 0) await pause(ahead, undefined, { signal }).catch(() => {});
    while (flights >= flightsMax) await waitForLanding();
    if (signal.aborted) break;
    tally.sent(dueMs);
    tally.late(Math.max(0, now() - start - dueMs));
    flights += 1;
    void fly(index, start + dueMs, dueMs).then(() => {
      flights -= 1;
      landed?.();
      landed = undefined;
    });
    if (now() - toldAt > PROGRESS_MS) {
      toldAt = now();
      ports.progress(index + 1);
    }
  }
  while (flights > 0) await waitForLanding();

  async function fly(index: number, dueAt: number, dueMs: number): Promise<void> {
    const phase = arrivals.phaseOf(index);
    for (let attempts = 1; ; attempts += 1) {
      const answered = await ports.ask(index);
      const outcome = outcomeOf(answered);
      const isPassing = outcome === 'failed' || outcome === 'shed';
      const waitMs = Math.min(RETRY_PAUSE_MS_MAX, RETRY_PAUSE_MS * 2 ** (attempts - 1));
      const isTriedAgain = isPassing && !signal.aborted && now() + waitMs < dueAt + ports.retryMs;
      if (!isTriedAgain) {
        const why = answered.error ?? String(answered.status);
        tally.ended(phase, dueMs, now() - dueAt, outcome, why, attempts);
        return;
      }
      await pause(waitMs);
    }
  }
}

function outcomeOf({ status }: Answered): LoadOutcome {
  if (status === undefined) return 'failed';
  if (status === SHED) return 'shed';
  return status >= 200 && status < 300 ? 'ok' : 'refused';
}
