/** Real worker processes ended at every step of the work; what they leave is what an undisturbed run leaves. */
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences } from '../faults/compare.ts';
import { type Ground, openGround } from '../faults/ground.ts';
import { observe } from '../faults/observe.ts';
import { STEP_NAMES, type Step } from '../faults/operation.ts';
import { type RealWorker, startRealWorker } from '../faults/real-worker.ts';
import { settles } from '../faults/run-plan.ts';
import { makeSite, type Site, sendAll } from '../faults/site.ts';

const RUNS_AT_ONCE = 3;
const VISIBILITY_SECONDS = 3;
/** In the midst of the job: some of its shards are done, others wait. */
const OCCURRENCE: Partial<Record<Step, number>> = { planned: 1, sent: 1, closed: 1 };
const SECOND = 2;

let ground: Ground;
const limit = pLimit(RUNS_AT_ONCE);

beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

async function siteOf(name: string): Promise<Site> {
  const { clients, stack } = ground;
  return makeSite(clients, stack.servers.endpoint, name, {
    visibilitySeconds: VISIBILITY_SECONDS,
    receivesMax: 6,
  });
}

const scenarioOf = () => {
  const [scenario] = ground.scenarios;
  const [calm] = ground.calm;
  if (scenario === undefined || calm === undefined) throw new Error('There are no scenarios.');
  return { scenario, calm };
};

/** Ends the worker by `signal` when it comes to the step; what is left when all has settled, against the calm run. */
async function endedAt(step: Step, signal: 'SIGKILL' | 'SIGTERM') {
  const { scenario, calm } = scenarioOf();
  const site = await siteOf(`${signal.toLowerCase()}-${STEP_NAMES.indexOf(step)}`);
  const worker = Promise.withResolvers<RealWorker>();
  let met = 0;
  const onStep = async (seen: Step): Promise<void> => {
    if (seen !== step) return;
    met += 1;
    if (met !== (OCCURRENCE[step] ?? SECOND)) return;
    const { fleet } = await worker.promise;
    const [pid = 0] = fleet.pids;
    fleet.kill(1, signal);
    // A death is waited for, so that nothing of what the dead one asked for comes about.
    if (signal === 'SIGKILL') await fleet.readyAfter(1, pid);
  };
  const started = await startRealWorker({ ground, site, proxy: { onStep } });
  worker.resolve(started);
  try {
    await sendAll(ground.clients, site, scenario.bodies);
    const hasSettled = await settles(ground, site, scenario);
    const left = await observe(ground.clients, site);
    return { hasSettled, met, ends: started.ends, differences: differences(calm, left) };
  } finally {
    await started.stop();
  }
}

describe.concurrent('a worker process', () => {
  it.each(STEP_NAMES)('killed at the step "%s" loses and doubles nothing', async (step) => {
    const run = await limit(() => endedAt(step, 'SIGKILL'));
    expect(run.ends.join()).toContain('was ended by SIGKILL');
    expect(run).toMatchObject({ hasSettled: true, differences: [] });
  });

  it.each(['received', 'read', 'items half written', 'before delete'] as const)(
    'asked to stop at the step "%s" ends with code 0, and loses and doubles nothing',
    async (step) => {
      const run = await limit(() => endedAt(step, 'SIGTERM'));
      expect(run.ends.join()).toContain('ended with code 0');
      expect(run).toMatchObject({ hasSettled: true, differences: [] });
    },
  );
});

describe('a worker process that is stopped', () => {
  it('for longer than its lease writes nothing more when it goes on', async () => {
    const { scenario, calm } = scenarioOf();
    const site = await siteOf('paused');
    const paused = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    const worker = Promise.withResolvers<RealWorker>();
    let isPaused = false;
    let isSent = false;
    const writes: string[] = [];
    const slow = await startRealWorker({
      ground,
      site,
      proxy: {
        async onStep(step) {
          // A file is read when it is planned, too.
          if (step === 'sent') isSent = true;
          if (step !== 'read' || !isSent || isPaused) return;
          isPaused = true;
          (await worker.promise).fleet.kill(1, 'SIGSTOP');
          paused.resolve();
          await goesOn.promise;
        },
        onRequest({ name }) {
          const isWrite = name === 'PutObject' || name === 'BatchWriteItem';
          if (isPaused && isWrite) writes.push(name);
        },
      },
    });
    worker.resolve(slow);
    await sendAll(ground.clients, site, scenario.bodies);
    await paused.promise;
    const other = await startRealWorker({ ground, site });
    try {
      expect(await settles(ground, site, scenario)).toBe(true);
      const result = await observe(ground.clients, site);
      expect(differences(calm, result)).toEqual([]);
      slow.fleet.kill(1, 'SIGCONT');
      goesOn.resolve();
      await expect.poll(() => slow.log(), { timeout: 20_000 }).toContain('lease-lost');
      expect(writes).toEqual([]);
      expect(differences(calm, await observe(ground.clients, site))).toEqual([]);
    } finally {
      slow.fleet.kill(1, 'SIGCONT');
      goesOn.resolve();
      await Promise.all([slow.stop(), other.stop()]);
    }
  });
});
