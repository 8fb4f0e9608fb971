/**
 * What became of the requests, in all, by phase and over time. A latency is from the moment that a request was due, not from
 * when it could be sent: what had to wait for a connection, for this process or behind a standing endpoint has waited. Without
 * that (coordinated omission) one stall of a second would count as one slow request and not as the hundreds that met it.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** `shed`: refused with 503, as an endpoint does that has too much. */
export type LoadOutcome = 'ok' | 'shed' | 'refused' | 'failed';

export interface LatencyFigures {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface LoadCounts {
  readonly requests: number;
  readonly ok: number;
  readonly shed: number;
  /** Answered with any other status than 2xx. */
  readonly refused: number;
  /** Not answered. */
  readonly failed: number;
  /** Attempts beyond the first. */
  readonly retries: number;
  /** Of those answered with 2xx, in milliseconds from when they were due; absent where there were none. */
  readonly latencyMs: LatencyFigures | undefined;
}

export interface LoadSlice {
  /** Its start, in seconds. */
  readonly second: number;
  readonly sentPerSecond: number;
  readonly okPerSecond: number;
  readonly notOk: number;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

export interface LoadTally {
  sent(dueMs: number): void;
  /** @param why status or error code of what is not ok */
  ended(
    phase: number,
    dueMs: number,
    latencyMs: number,
    outcome: LoadOutcome,
    why: string,
    attempts: number,
  ): void;
  /** How late the client itself was with a request. */
  late(ms: number): void;
  total(): LoadCounts;
  phase(index: number): LoadCounts;
  slices(): readonly LoadSlice[];
  /** How often each status or error code came, of what is not ok. */
  reasons(): Readonly<Record<string, number>>;
  /** 99th percentile of the client's own lateness, in milliseconds. */
  clientLateMs(): number;
}

interface Part {
  readonly latency: RecordableHistogram;
  readonly counts: Record<LoadOutcome, number>;
  sent: number;
  retries: number;
}

const MICROSECONDS = 1000;

/** @param sliceMs width of what is shown over time */
export function createLoadTally(phases: number, totalMs: number, sliceMs: number): LoadTally {
  const whole = newPart();
  const perPhase = Array.from({ length: phases }, newPart);
  const perSlice = Array.from({ length: Math.ceil(totalMs / sliceMs) }, newPart);
  const reasons = new Map<string, number>();
  const lateness = createHistogram();
  const sliceAt = (dueMs: number): Part =>
    perSlice[Math.min(perSlice.length - 1, Math.floor(dueMs / sliceMs))] as Part;
  return {
    sent(dueMs) {
      sliceAt(dueMs).sent += 1;
    },
    ended(phase, dueMs, latencyMs, outcome, why, attempts) {
      for (const part of [whole, perPhase[phase] as Part, sliceAt(dueMs)]) {
        part.counts[outcome] += 1;
        part.retries += attempts - 1;
        if (outcome === 'ok') part.latency.record(Math.max(1, Math.round(latencyMs * MICROSECONDS)));
      }
      if (outcome !== 'ok') reasons.set(why, (reasons.get(why) ?? 0) + 1);
    },
    late: (ms) => lateness.record(Math.max(1, Math.round(ms * MICROSECONDS))),
    total: () => countsOf(whole),
    phase: (index) => countsOf(perPhase[index] as Part),
    slices: () =>
      perSlice.map((part, index) => ({
        second: (index * sliceMs) / 1000,
        sentPerSecond: (part.sent / sliceMs) * 1000,
        okPerSecond: (part.counts.ok / sliceMs) * 1000,
        notOk: part.counts.shed + part.counts.refused + part.counts.failed,
        p50: percentile(part.latency, 50),
        p99: percentile(part.latency, 99),
      })),
    reasons: () => Object.fromEntries([...reasons].sort(([, left], [, right]) => right - left)),
    clientLateMs: () => percentile(lateness, 99) ?? 0,
  };
}

function newPart(): Part {
  return {
    latency: createHistogram(),
    counts: { ok: 0, shed: 0, refused: 0, failed: 0 },
    sent: 0,
    retries: 0,
  };
}

function countsOf({ counts, latency, retries }: Part): LoadCounts {
  const { ok, shed, refused, failed } = counts;
  const at = (share: number): number => percentile(latency, share) ?? 0;
  return {
    requests: ok + shed + refused + failed,
    ok,
    shed,
    refused,
    failed,
    retries,
    latencyMs:
      ok === 0
        ? undefined
        : { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: latency.max / MICROSECONDS },
  };
}

/** In milliseconds, with the three digits that the histogram keeps. */
function percentile(histogram: RecordableHistogram, share: number): number | undefined {
  return histogram.count === 0 ? undefined : histogram.percentile(share) / MICROSECONDS;
}
