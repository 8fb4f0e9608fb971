/** Queue, store and table server killed in the middle of a job and started again with their state, under real workers. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences } from '../faults/compare.ts';
import { type Ground, openGround } from '../faults/ground.ts';
import { observe } from '../faults/observe.ts';
import type { Step } from '../faults/operation.ts';
import { startRealWorker } from '../faults/real-worker.ts';
import { settles } from '../faults/run-plan.ts';
import {
  SERVER_KINDS,
  type ServerKind,
  type StackOfProcesses,
  startStackOfProcesses,
} from '../faults/server-processes.ts';
import { depthsOf, makeSite, sendAll } from '../faults/site.ts';

const WORKERS = 2;
const VISIBILITY_SECONDS = 3;
/** An outage is nobody's fault: no message may be given up for it. */
const RECEIVES_MAX = 12;
/** Longer than the SDK tries again by itself. */
const AWAY_MS = 1500;

/** Each server is killed where the work is about to need it, or has just had its answer. */
const KILLS: readonly (readonly [what: string, kinds: readonly ServerKind[], steps: readonly Step[]])[] = [
  ['queue server', ['queue'], ['planned', 'scored', 'before delete']],
  ['object store', ['store'], ['scored', 'parquet written']],
  ['table server', ['table'], ['received', 'items half written', 'counted']],
  ['whole stack', SERVER_KINDS, ['sent', 'parquet written']],
];

let ground: Ground;
let stack: StackOfProcesses;

beforeAll(async () => {
  ground = await openGround(async (options) => {
    stack = await startStackOfProcesses(options);
    return stack;
  });
});
afterAll(() => ground.close());

/** Outages of these servers, one after the other: each begins with the first request that comes to one of the steps. */
function planOutages(kinds: readonly ServerKind[], steps: readonly Step[]) {
  const ahead = new Set(steps);
  let last: Promise<unknown> = Promise.resolve();
  const comeBack = async (): Promise<void> => {
    await pause(AWAY_MS);
    await Promise.all(kinds.map(stack.start));
  };
  return {
    ahead,
    isOver: () => last,
    async onStep(step: Step): Promise<void> {
      if (!ahead.delete(step)) return;
      const killed = last.then(() => Promise.all(kinds.map(stack.kill)));
      last = killed.then(comeBack);
      await killed;
    },
  };
}

describe('a job', () => {
  it.each(KILLS)(
    'whose %s is killed again and again loses and doubles nothing',
    async (what, kinds, steps) => {
      const { clients, scenarios, calm } = ground;
      const [scenario] = scenarios;
      const [undisturbed] = calm;
      if (scenario === undefined || undisturbed === undefined) throw new Error('There are no scenarios.');
      const site = await makeSite(clients, stack.servers.endpoint, what.replace(' ', '-'), {
        visibilitySeconds: VISIBILITY_SECONDS,
        receivesMax: RECEIVES_MAX,
      });
      const { ahead, isOver, onStep } = planOutages(kinds, steps);
      const workers = await Promise.all(
        Array.from({ length: WORKERS }, () => startRealWorker({ ground, site, proxy: { onStep } })),
      );
      try {
        await sendAll(clients, site, scenario.bodies);
        await expect.poll(() => [...ahead], { timeout: 90_000 }).toEqual([]);
        await isOver();
        expect(await settles(ground, site, scenario)).toBe(true);
        expect(differences(undisturbed, await observe(clients, site))).toEqual([]);
        expect(await depthsOf(clients, site)).toEqual({ open: 0, dead: 0 });
        expect(workers.flatMap(({ ends }) => ends)).toEqual([]);
      } finally {
        await isOver();
        await Promise.all(workers.map((worker) => worker.stop()));
      }
    },
  );
});
