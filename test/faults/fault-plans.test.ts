/**
 * Two hundred plans of faults and deaths, each on real servers over real HTTP. A plan that fails is run again alone by
 * `NUTRISAGE_FAULT_SEED=<seed> npx vitest run test/faults/fault-plans.test.ts`.
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPlan } from './fault-plan.ts';
import { type Ground, openGround } from './ground.ts';
import { runPlan } from './run-plan.ts';

const PLANS = 200;
const PLANS_PER_TEST = 25;
/** Most of a run is waiting for visibility timeouts. */
const RUNS_AT_ONCE = 12;

const alone = process.env['NUTRISAGE_FAULT_SEED'];
const seeds = alone === undefined ? Array.from({ length: PLANS }, (_, index) => index + 1) : [Number(alone)];
const groups = Array.from({ length: Math.ceil(seeds.length / PLANS_PER_TEST) }, (_, group) =>
  seeds.slice(group * PLANS_PER_TEST, (group + 1) * PLANS_PER_TEST),
);

describe('whatever breaks', () => {
  let ground: Ground;
  const seen = { faults: 0, deaths: 0, outages: 0, redriven: 0 };

  beforeAll(async () => {
    ground = await openGround();
  });
  afterAll(() => ground.close());

  it.each(groups.map((group) => [group[0], group.at(-1), group] as const))(
    'plans %i to %i lose nothing, double nothing, and leave nothing standing',
    async (_first, _last, group) => {
      const limit = pLimit(RUNS_AT_ONCE);
      const wrong = await Promise.all(group.map((seed) => limit(() => complaintsOf(seed))));
      expect(wrong.filter((text) => text !== '')).toEqual([]);
    },
    400_000,
  );

  it.skipIf(alone !== undefined)('the plans were no idle ones', () => {
    expect(seen.faults).toBeGreaterThan(1000);
    expect(seen.deaths).toBeGreaterThan(50);
    expect(seen.outages).toBeGreaterThan(50);
    // How many are given up depends on how busy the machine is: 10 on a quiet one, hundreds on one that starves.
    expect(seen.redriven).toBeGreaterThan(3);
  });

  async function complaintsOf(seed: number): Promise<string> {
    const which = seed % ground.scenarios.length;
    const scenario = ground.scenarios[which];
    if (scenario === undefined) throw new Error('There are no scenarios.');
    const plan = drawPlan(seed);
    const result = await runPlan(ground, plan, scenario, ground.calm[which]);
    seen.faults += result.faults;
    seen.deaths += result.deaths;
    seen.outages += result.outages;
    seen.redriven += result.redriven;
    if (result.complaints.length === 0) return '';
    const log = join(tmpdir(), `nutrisage-fault-plan-${seed}.log`);
    await writeFile(log, result.log.join('\n'));
    return `seed ${seed} (${scenario.name}): ${result.complaints.join('; ')} (what happened: ${log})`;
  }
});
