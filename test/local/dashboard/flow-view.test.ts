import { describe, expect, it } from 'vitest';
import type { QueueReading, Reading } from '../../../local/dashboard/reading.ts';
import { countingWorker, EMPTY, fleetOf, jobOf, reading, viewOf } from './readings.ts';

/** One look a second: messages that wait, messages in flight. */
function course(
  depths: readonly (readonly [waiting: number, inFlight: number])[],
  changes: Partial<Reading> = {},
  queue: Partial<QueueReading> = {},
): Reading[] {
  return depths.map(([waiting, inFlight], index) =>
    reading(index + 1, {
      queue: { ...EMPTY, waiting, inFlight, oldestSeconds: index, ...queue },
      ...changes,
    }),
  );
}

const flow = (readings: readonly Reading[]) => viewOf(readings).flow;

describe('the flow of work', () => {
  it('says that nothing waits', () => {
    expect(flow([reading(1)])).toEqual({ kind: 'idle', sentence: 'Nothing waits', secondsLeft: null });
  });

  it('grows while more comes than is done', () => {
    const growing = flow(
      course([
        [0, 0],
        [3, 2],
        [6, 4],
        [9, 4],
      ]),
    );
    expect(growing).toMatchObject({ kind: 'growing', sentence: 'Growing: 13 messages' });
  });

  it('drains as soon as a message is done after a job has come, and grows again with the next', () => {
    const came: [number, number][] = [
      [0, 0],
      [40, 4],
    ];
    expect(flow(course(came)).kind).toBe('growing');
    expect(flow(course([...came, [38, 4]])).kind).toBe('draining');
    expect(flow(course([...came, [38, 4], [60, 4]])).kind).toBe('growing');
  });

  it('is at work while the backlog stays as it is', () => {
    expect(flow(course(new Array(12).fill([0, 1])))).toMatchObject({
      kind: 'working',
      sentence: '1 message on the queue',
    });
  });

  it('is at work while a job is open and its last message is gone', () => {
    const open = reading(1, { jobs: [jobOf('a')] });
    expect(flow([open])).toMatchObject({ kind: 'working', sentence: 'The last shards are being recorded' });
  });

  it('tells the time left from the rows that are left and the rate of late', () => {
    const worker = countingWorker('worker-1');
    const readings = Array.from({ length: 20 }, (_, index) => {
      worker.registry.add('RowsRead', 500);
      return reading(index + 1, {
        queue: { ...EMPTY, waiting: 30 - index, inFlight: 2 },
        fleet: fleetOf(worker.read()),
        jobs: [
          jobOf('a', { rows: 12_000, rowsFinished: 500 * (index + 1) }),
          jobOf('b', { rows: 3000 }),
          jobOf('c', {
            state: 'succeeded',
            rows: 900,
            rowsFinished: 0,
            closedAt: '2026-11-23T10:00:09.000Z',
          }),
        ],
      });
    });
    const { kind, secondsLeft, sentence } = flow(readings);
    expect(kind).toBe('draining');
    expect(secondsLeft).toBeCloseTo((2000 + 3000) / 500, 9);
    expect(sentence).toBe('Draining: 13 messages, about 10 s left');
  });

  it('stands still where messages wait and nobody takes them', () => {
    const waiting = new Array<[number, number]>(8).fill([12, 0]);
    expect(flow(course(waiting))).toEqual({
      kind: 'stalled',
      sentence: 'Standing still: 12 messages wait, and no worker runs',
      secondsLeft: null,
    });
    const fleet = fleetOf(countingWorker('worker-1').read());
    expect(flow(course(waiting, { fleet })).sentence).toMatch(/and no worker takes any$/);
    // Just come: a poll takes a moment.
    expect(flow(course(waiting.slice(0, 2)))).toMatchObject({ kind: 'working' });
    const taken: [number, number][] = [...waiting, [11, 1]];
    expect(flow(course(taken)).kind).not.toBe('stalled');
  });

  it('says so where the queue can not be read', () => {
    const blind = reading(1, { queue: undefined, faults: ['The queue can not be read: gone'] });
    expect(flow([blind]).kind).toBe('unknown');
    expect(viewOf([blind])).toMatchObject({ queue: null, faults: ['The queue can not be read: gone'] });
  });
});
