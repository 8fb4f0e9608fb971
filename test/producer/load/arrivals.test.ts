import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../../../producer/load/arrivals.ts';
import { SIX_PHASES } from '../../../schemas/load-schedule.ts';

describe('arrivals', () => {
  it('are spread evenly over each phase', () => {
    const arrivals = arrivalsOf(
      [
        { seconds: 1, requestsPerSecond: 4 },
        { seconds: 2, requestsPerSecond: 1 },
      ],
      1,
    );
    const due = Array.from({ length: arrivals.count }, (_, index) => arrivals.dueMs(index));
    expect(due).toEqual([0, 250, 500, 750, 1000, 2000]);
    expect(due.map((_, index) => arrivals.phaseOf(index))).toEqual([0, 0, 0, 0, 1, 1]);
    expect(() => arrivals.dueMs(6)).toThrow('There are 6 requests, and no 6.');
  });

  it('of the six phases take 22 minutes, or 66 seconds twenty times as fast, at the same rates', () => {
    expect(arrivalsOf(SIX_PHASES.phases, 1)).toMatchObject({
      totalMs: 1_320_000,
      perPhase: [900, 9000, 60_000, 105_000, 900, 9000],
    });
    const fast = arrivalsOf(SIX_PHASES.phases, 20);
    expect(fast).toMatchObject({ totalMs: 66_000, perPhase: [45, 450, 3000, 5250, 45, 450] });
  });

  it('are in order, within the schedule, and in the phase that they are counted for', () => {
    const phase = fc.record({
      seconds: fc.double({ min: 0.01, max: 3, noNaN: true }),
      requestsPerSecond: fc.double({ min: 0.01, max: 200, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(phase, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0.5, max: 50, noNaN: true }),
        (phases, speed) => {
          const arrivals = arrivalsOf(phases, speed);
          const counted = phases.map(() => 0);
          let before = 0;
          for (let index = 0; index < arrivals.count; index += 1) {
            const dueMs = arrivals.dueMs(index);
            expect(dueMs).toBeGreaterThanOrEqual(before);
            expect(dueMs).toBeLessThan(arrivals.totalMs);
            before = dueMs;
            counted[arrivals.phaseOf(index)] = (counted[arrivals.phaseOf(index)] ?? 0) + 1;
          }
          expect(counted).toEqual(arrivals.perPhase);
        },
      ),
    );
  });
});
