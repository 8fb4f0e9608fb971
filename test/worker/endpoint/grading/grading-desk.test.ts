import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSliceGrader } from '../../../../worker/endpoint/grading/grade-slice.ts';
import {
  createGradingDesk,
  type DeskJob,
  type GradingDesk,
} from '../../../../worker/endpoint/grading/grading-desk.ts';
import type { ServingModel } from '../../../../worker/endpoint/grading/serving-model.ts';
import { servingModel, slowly } from '../made-model.ts';
import { IMPOSSIBLE, LOOSE, SPREAD, spreads } from '../products.ts';

const CAPACITY = 256;

let model: ServingModel;
let current: ServingModel;
beforeAll(async () => {
  model = await servingModel();
});

/** What happened, in order. */
let events: string[];
/** Turns that the event loop was asked for. */
let turns: (() => void)[];
let clock: number;
beforeEach(() => {
  events = [];
  turns = [];
  clock = 0;
  current = model;
});

function openDesk(serving: () => ServingModel = () => current): GradingDesk<string> {
  return createGradingDesk<string>({
    grader: createSliceGrader('2023', CAPACITY, { graded() {}, rejected() {} }),
    model: serving,
    singles: {
      graded: (ticket) => void events.push(`${ticket} graded`),
      rejected: (ticket) => void events.push(`${ticket} rejected`),
      invalid: (ticket) => void events.push(`${ticket} invalid`),
      failed: (ticket, error) => void events.push(`${ticket} failed: ${(error as Error).message}`),
    },
    now: () => clock,
    later: (turn) => void turns.push(turn),
  });
}

function job(
  name: string,
  values: readonly unknown[],
  changes: Partial<DeskJob> = {},
): DeskJob & { readonly told: Set<number> } {
  const told = new Set<number>();
  return {
    told,
    parse: () => values,
    isExplained: false,
    isWanted: () => true,
    graded: (place) => void told.add(place),
    rejected: (place) => void told.add(place),
    invalid: (place) => void told.add(place),
    done: ({ version }) =>
      void events.push(`${name} done with ${told.size} by ${version === model.version ? 'first' : version}`),
    failed: (error) => void events.push(`${name} failed: ${(error as Error).message}`),
    ...changes,
  };
}

/** One turn of the event loop. */
function turn(): void {
  const [next] = turns.splice(0, 1);
  next?.();
}
/** Until nothing is asked for; how many turns it took. */
function run(): number {
  let count = 0;
  for (; turns.length > 0; count += 1) turn();
  return count;
}
async function settle(): Promise<void> {
  for (let index = 0; index < 50; index += 1) await Promise.resolve();
}

describe('the desk', () => {
  it('grades single items together at the end of the turn that they came in', () => {
    const desk = openDesk();
    desk.gradeOne(SPREAD, 'one');
    desk.gradeOne(IMPOSSIBLE, 'two');
    desk.gradeOne('no item', 'three');
    desk.gradeOne(LOOSE, 'four');
    expect([events, turns.length]).toEqual([[], 1]);
    expect(run()).toBe(1);
    expect(events.sort()).toEqual(['four graded', 'one graded', 'three invalid', 'two rejected']);
  });

  it('takes no more single items in a turn than its columns hold', () => {
    const desk = openDesk();
    for (let index = 0; index < CAPACITY * 2 + 1; index += 1) desk.gradeOne(LOOSE, `${index}`);
    turn();
    expect(events).toHaveLength(CAPACITY);
    expect(run()).toBe(2);
    expect(events.map((event) => Number.parseInt(event, 10))).toEqual(
      Array.from({ length: CAPACITY * 2 + 1 }, (_, index) => index),
    );
  });

  it('cuts a list into slices, one a turn, and lets single items in between', () => {
    const desk = openDesk();
    const list = job('list', spreads(1000));
    desk.gradeMany(list, 1000);
    turn(); // parsed
    turn();
    expect(list.told.size).toBe(200);
    desk.gradeOne(SPREAD, 'single');
    turn();
    expect([events, list.told.size]).toEqual([['single graded'], 400]);
    expect(run()).toBe(3);
    expect(events).toEqual(['single graded', 'list done with 1000 by first']);
  });

  it('serves several lists in turn', () => {
    const desk = openDesk();
    desk.gradeMany(job('long', spreads(1000)), 1000);
    desk.gradeMany(job('short', spreads(10)), 10);
    run();
    expect(events).toEqual(['short done with 10 by first', 'long done with 1000 by first']);
  });

  it('does few of the items a turn that are to be explained', () => {
    const desk = openDesk();
    const list = job('list', spreads(4), { isExplained: true });
    desk.gradeMany(list, 4);
    turn();
    turn();
    expect(list.told.size).toBe(2);
  });

  it('finishes a list with the model that it was begun with', () => {
    const desk = openDesk();
    desk.gradeMany(job('list', spreads(300)), 300);
    turn();
    current = { ...model, version: 'second' };
    turn();
    desk.gradeMany(job('next', spreads(1)), 1);
    run();
    expect(events).toEqual(['list done with 300 by first', 'next done with 1 by second']);
  });

  it('drops a list that nobody waits for any more', () => {
    const desk = openDesk();
    let isWanted = true;
    desk.gradeMany(job('list', spreads(1000), { isWanted: () => isWanted }), 1000);
    turn();
    turn();
    isWanted = false;
    expect([run(), events, desk.waitMs()]).toEqual([1, [], 0]);
  });

  it('fails a list whose values can not be made, whose answer can not be sent, and goes on', () => {
    const desk = openDesk();
    const refuse = (): never => {
      throw new Error('no JSON');
    };
    desk.gradeMany(job('broken', [], { parse: refuse }), 1);
    desk.gradeMany(job('unsent', spreads(1), { done: refuse }), 1);
    desk.gradeMany(job('whole', spreads(1)), 1);
    run();
    expect(events).toEqual([
      'broken failed: no JSON',
      'unsent failed: no JSON',
      'whole done with 1 by first',
    ]);
  });

  it('fails what a broken scorer has, and nothing else', () => {
    const desk = openDesk();
    const scoreSync = (): never => {
      throw new Error('out of memory');
    };
    current = { ...model, scorer: { ...model.scorer, scoreSync } };
    desk.gradeOne(SPREAD, 'one');
    desk.gradeMany(job('list', spreads(1)), 1);
    run();
    current = model;
    desk.gradeOne(SPREAD, 'two');
    run();
    expect(events).toEqual(['one failed: out of memory', 'list failed: out of memory', 'two graded']);
  });

  it('fails single items when there is no model any more', () => {
    const desk = openDesk(() => {
      throw new Error('no model');
    });
    desk.gradeOne(SPREAD, 'one');
    run();
    expect(events).toEqual(['one failed: no model']);
  });

  it('waits for a scorer that answers later, and gives it one slice at a time', async () => {
    const pending: (() => void)[] = [];
    current = slowly(model, () => new Promise((resolve) => void pending.push(resolve)));
    const desk = openDesk();
    desk.gradeMany(job('list', spreads(250)), 250);
    turn();
    desk.gradeOne(SPREAD, 'one');
    turn();
    await settle();
    desk.gradeOne(LOOSE, 'two');
    expect([pending.length, turns.length, events]).toEqual([1, 0, []]);
    while (events.length < 3) {
      pending.shift()?.();
      await settle();
      turn();
      await settle();
    }
    expect(events).toEqual(['one graded', 'two graded', 'list done with 250 by first']);
  });

  it('fails what a scorer that answers later fails with', async () => {
    current = slowly(model, () => Promise.reject(new Error('the thread died')));
    const desk = openDesk();
    desk.gradeOne(SPREAD, 'one');
    desk.gradeMany(job('list', spreads(1)), 1);
    for (let index = 0; index < 4; index += 1) {
      turn();
      await settle();
    }
    expect(events).toEqual(['one failed: the thread died', 'list failed: the thread died']);
  });
});

describe('how long one would wait', () => {
  it('follows from what rows took of late', () => {
    const desk = openDesk();
    expect(desk.waitMs()).toBe(0);
    // Turns of 2 ms for one row each, as the clock has it.
    for (let index = 0; index < 200; index += 1) {
      desk.gradeOne(LOOSE, 'x');
      const [next] = turns.splice(0, 1);
      const before = clock;
      current = {
        ...model,
        scorer: {
          ...model.scorer,
          scoreSync: (features, rowCount) => {
            clock = before + 2;
            return model.scorer.scoreSync?.(features, rowCount) ?? new Float32Array(5);
          },
        },
      };
      next?.();
    }
    desk.gradeMany(job('list', spreads(10)), 10);
    expect(desk.waitMs()).toBeCloseTo(20, 0);
    desk.gradeMany(job('explained', spreads(1), { isExplained: true }), 1);
    expect(desk.waitMs()).toBeCloseTo(220, 0);
  });
});
