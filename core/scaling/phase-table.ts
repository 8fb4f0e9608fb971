/** A simulated course, phase by phase. */
import type { Sample } from './simulate.ts';
import type { TrafficPhase } from './traffic.ts';

export interface PhaseRow {
  readonly phase: TrafficPhase;
  /** Tasks that ran in its last second. */
  readonly tasksAtEnd: number;
  readonly tasksMost: number;
  readonly tasksFewest: number;
  readonly cpuPercentMean: number;
  readonly cpuPercentAtEnd: number;
  /** Of all requests, those that were beyond what the tasks could serve. */
  readonly refusedShare: number;
  /** Seconds from the phase's begin until the number of tasks changed for the last time; 0 where it never did. */
  readonly settledAfterSeconds: number;
}

/** @param samples at least as long as the phases; what follows is the tail, a phase of the last rate. */
export function phaseTable(phases: readonly TrafficPhase[], samples: readonly Sample[]): readonly PhaseRow[] {
  let begin = 0;
  return phases.map((phase) => {
    const part = samples.slice(begin, begin + phase.seconds);
    begin += phase.seconds;
    return phaseRow(phase, part);
  });
}

function phaseRow(phase: TrafficPhase, part: readonly Sample[]): PhaseRow {
  const tasks = part.map(({ running }) => running);
  const cpu = part.map(({ readings }) => readings['cpu-percent'] ?? 0);
  const last = tasks.at(-1) ?? 0;
  const refused = part.reduce((sum, { waiting }) => sum + waiting, 0);
  return {
    phase,
    tasksAtEnd: last,
    tasksMost: Math.max(...tasks),
    tasksFewest: Math.min(...tasks),
    cpuPercentMean: cpu.reduce((sum, value) => sum + value, 0) / cpu.length,
    cpuPercentAtEnd: cpu.at(-1) ?? 0,
    refusedShare: refused / Math.max(1, phase.rate * phase.seconds),
    settledAfterSeconds: tasks.findLastIndex((count) => count !== last) + 1,
  };
}
