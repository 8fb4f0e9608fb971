import { describe, expect, it } from 'vitest';
import type { SearchSpace } from '../../../../trainer/tune/tpe/search-space.ts';
import type { PastTrial } from '../../../../trainer/tune/tpe/split-trials.ts';
import { suggest, suggestAtRandom, TPE_DEFAULTS } from '../../../../trainer/tune/tpe/suggest.ts';
import { BRANIN, HARTMANN_6, type TestFunction } from './test-functions.ts';

const SEEDS = Array.from({ length: 24 }, (_, seed) => seed);
const BUDGETS = [60, 100] as const;

const SPACE: SearchSpace = {
  depth: { kind: 'integer', low: 2, high: 9, isLog: false },
  rate: { kind: 'log-uniform', low: 0.001, high: 1 },
  policy: { kind: 'categorical', choices: ['depthwise', 'lossguide', 'other'] },
};

/** Distance of the best loss from the minimum after each budget. */
function regrets(of: TestFunction, seed: number, isTpe: boolean): number[] {
  const history: PastTrial[] = [];
  for (let trial = 0; trial < Math.max(...BUDGETS); trial += 1) {
    const parameters = isTpe
      ? suggest(of.space, history, { ...TPE_DEFAULTS, seed })
      : suggestAtRandom(of.space, trial, seed);
    history.push({ parameters, state: 'complete', loss: of.evaluate(parameters) });
  }
  return BUDGETS.map(
    (budget) => Math.min(...history.slice(0, budget).map(({ loss }) => loss ?? 0)) - of.minimum,
  );
}

function median(values: readonly number[]): number {
  const ordered = [...values].sort((left, right) => left - right);
  return ordered[Math.floor(ordered.length / 2)] ?? Number.NaN;
}

/** Mann and Whitney: standard deviations by which `lower` ranks below `higher`; without ties. */
function rankDeviations(lower: readonly number[], higher: readonly number[]): number {
  const [n, m] = [lower.length, higher.length];
  const wins = lower.reduce((sum, left) => sum + higher.filter((right) => left < right).length, 0);
  return (wins - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

describe('the test functions', () => {
  it('have their published minima', () => {
    expect(BRANIN.evaluate({ x: Math.PI, y: 2.275 })).toBeCloseTo(BRANIN.minimum, 5);
    const best = { x1: 0.20169, x2: 0.150011, x3: 0.476874, x4: 0.275332, x5: 0.311652, x6: 0.6573 };
    expect(HARTMANN_6.evaluate(best)).toBeCloseTo(HARTMANN_6.minimum, 4);
  });
});

describe.each([BRANIN, HARTMANN_6])('on $name', (of) => {
  const tpe = SEEDS.map((seed) => regrets(of, seed, true));
  const random = SEEDS.map((seed) => regrets(of, seed, false));

  it.each([...BUDGETS.entries()])('beats random search at equal budget (%i: %i trials)', (at) => {
    const column = (rows: readonly number[][]) => rows.map((row) => row[at] ?? Number.NaN);
    // Less than half of what random search leaves; ranks differ with p < 0.001 (one-sided: 3.09 deviations).
    expect(median(column(tpe))).toBeLessThan(median(column(random)) / 2);
    expect(rankDeviations(column(tpe), column(random))).toBeGreaterThan(3.09);
  });
});

describe('suggest', () => {
  const settings = { ...TPE_DEFAULTS, seed: 7 };
  const lossOf = (rate: number, policy: string): number =>
    Math.abs(Math.log(rate / 0.05)) + (policy === 'lossguide' ? 0 : 1);
  const historyOf = (trials: number): PastTrial[] => {
    const history: PastTrial[] = [];
    for (let trial = 0; trial < trials; trial += 1) {
      const parameters = suggest(SPACE, history, settings);
      const loss = lossOf(Number(parameters['rate']), String(parameters['policy']));
      history.push({ parameters, state: 'complete', loss });
    }
    return history;
  };

  it('says the same for the same seed and history, and something else for another seed', () => {
    const history = historyOf(20);
    const again = suggest(SPACE, structuredClone(history), settings);
    expect(again).toEqual(suggest(SPACE, history, settings));
    expect(again).not.toEqual(suggest(SPACE, history, { ...settings, seed: 8 }));
  });

  it('stays in the space, with whole numbers where they are asked for', () => {
    for (const { parameters } of historyOf(60)) {
      const { depth, rate, policy } = parameters;
      expect(Number.isInteger(depth)).toBe(true);
      expect(depth).toBeGreaterThanOrEqual(2);
      expect(depth).toBeLessThanOrEqual(9);
      expect(rate).toBeGreaterThanOrEqual(0.001);
      expect(rate).toBeLessThanOrEqual(1);
      expect(['depthwise', 'lossguide', 'other']).toContain(policy);
    }
  });

  it('spreads its first trials over every axis', () => {
    const rates = historyOf(settings.startupTrials).map(({ parameters }) => Number(parameters['rate']));
    const slices = rates.map((rate) => Math.floor((Math.log10(rate / 0.001) / 3) * settings.startupTrials));
    expect(slices.sort((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('comes to the better choice and the better rate', () => {
    const late = historyOf(60).slice(40);
    const isGood = ({ parameters }: PastTrial) => parameters['policy'] === 'lossguide';
    expect(late.filter(isGood).length).toBeGreaterThan(15);
    expect(median(late.map(({ parameters }) => Number(parameters['rate'])))).toBeGreaterThan(0.02);
    expect(median(late.map(({ parameters }) => Number(parameters['rate'])))).toBeLessThan(0.12);
  });

  it('keeps away from what is being tried at this moment', () => {
    const history = historyOf(30);
    const distanceTo = (rate: number, running: readonly PastTrial[], seed: number): number => {
      const next = suggest(SPACE, [...history, ...running], { ...settings, seed });
      return Math.abs(Math.log(Number(next['rate']) / rate));
    };
    const best = history.reduce((left, right) => ((right.loss ?? 9) < (left.loss ?? 9) ? right : left));
    const rate = Number(best.parameters['rate']);
    const total = (running: PastTrial): number =>
      SEEDS.reduce((sum, seed) => sum + distanceTo(rate, Array(8).fill(running), seed), 0);
    const state = 'running';
    const near: PastTrial = { parameters: best.parameters, state, loss: null };
    const far: PastTrial = { parameters: { depth: 9, rate: 1, policy: 'other' }, state, loss: null };
    expect(total(near)).toBeGreaterThan(1.2 * total(far));
  });

  it('goes on where every trial is still running or has failed', () => {
    const history = historyOf(12).map((trial, at): PastTrial => {
      return { ...trial, state: at % 2 === 0 ? 'running' : 'failed', loss: null };
    });
    expect(suggest(SPACE, history, settings)).toHaveProperty('rate');
  });

  it('never takes a pruned trial for a good one', () => {
    const pruned = historyOf(40).map((trial, at): PastTrial => {
      const isBest = Number(trial.parameters['rate']) < 0.01;
      return isBest && at > 2 ? { ...trial, state: 'pruned', loss: -5 } : trial;
    });
    const next = suggest(SPACE, pruned, settings);
    expect(Number(next['rate'])).toBeGreaterThan(0.01);
  });
});
