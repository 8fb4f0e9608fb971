import { describe, expect, it } from 'vitest';
import { age, compact, shortTime } from '../../../local/dashboard/client/figure-text.ts';
import { titleOf, verdictOf } from '../../../local/dashboard/client/verdict.ts';
import { countingWorker, EMPTY, fleetOf, reading, viewOf } from './readings.ts';

describe('the line on top', () => {
  const dead = reading(1, { queue: { ...EMPTY, dead: 1 } });

  it('says that all is well, and the tab says no more than the name', () => {
    const view = viewOf([reading(1)]);
    expect(verdictOf(view, false)).toEqual({ level: 'well', headline: 'All well' });
    expect(titleOf(view, false)).toBe('NutriSage');
  });

  it('says what is wrong by the gravest alarm, and how many there are', () => {
    expect(verdictOf(viewOf([dead]), false)).toEqual({
      level: 'ticket',
      headline: 'Alarm: Work was given up',
    });
    expect(titleOf(viewOf([dead]), false)).toBe('● Alarm: Work was given up · NutriSage');
    const { registry, read } = countingWorker('worker-1');
    registry.add('DriftingFeatures', 1, { Verdict: 'major' });
    const both = viewOf([reading(1, { queue: { ...EMPTY, dead: 1 }, fleet: fleetOf(read()) })]);
    expect(verdictOf(both, false).headline).toBe('2 alarms, first: Work was given up');
  });

  it('says before any alarm that work stands still, that something can not be seen, that a worker is missing', () => {
    const waiting = Array.from({ length: 8 }, (_, second) =>
      reading(second + 1, { queue: { ...EMPTY, waiting: 3, oldestSeconds: second } }),
    );
    expect(verdictOf(viewOf(waiting), false)).toEqual({ level: 'ticket', headline: 'Work stands still' });
    const blind = viewOf([reading(1, { faults: ['The ledger can not be read: away'] })]);
    expect(verdictOf(blind, false)).toEqual({ level: 'ticket', headline: 'Not everything can be seen' });
    const workers = fleetOf(
      countingWorker('worker-1').read(),
      countingWorker('worker-2').read({ state: 'waiting', pid: undefined, snapshot: undefined }),
    );
    const fewer = viewOf([reading(1, { fleet: workers })]);
    expect(verdictOf(fewer, false)).toEqual({ level: 'notice', headline: '1 of 2 workers ready' });
  });

  it('says above all that nothing is known any more', () => {
    expect(verdictOf(viewOf([dead]), true)).toEqual({
      level: 'lost',
      headline: 'No connection to the stack',
    });
  });
});

describe('figures in few letters', () => {
  it.each([
    [0, '0'],
    [0.04, '0'],
    [0.44, '0.4'],
    [9.9, '9.9'],
    [12.4, '12'],
    [1234, '1,234'],
    [9994, '9,994'],
    [81_499, '81k'],
    [999_499, '999k'],
    [1_234_000, '1.23M'],
  ])('%d is %s', (value, text) => {
    expect(compact(value)).toBe(text);
  });

  it('tells times and ages', () => {
    expect([0.0004, 0.0123, 0.9994, 1.24, 185].map(shortTime)).toEqual([
      '0.4 ms',
      '12 ms',
      '999 ms',
      '1.2 s',
      '3 min 05 s',
    ]);
    expect([-5, 59_000, 61_000, 7_300_000, 200_000_000].map(age)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '2 h',
      '2 d',
    ]);
  });
});
