import { describe, expect, it } from 'vitest';
import type { TrialForest } from '../../../../trainer/tune/objective/growing-forest.ts';
import { REFERENCE_FOREST } from '../../../../trainer/tune/objective/predicted-speed.ts';
import { runTrial, type TrialPorts } from '../../../../trainer/tune/objective/run-trial.ts';
import { scoreOf } from '../../../../trainer/tune/objective/score.ts';

const LIMITS = { rowsPerSecond: 44_000, earlyStoppingRounds: 3 };
const never: TrialPorts = {
  askAtStep: async () => 'continue',
  isStopped: () => false,
  now: () => 0,
};

/** Each round adds a share of the budget of 44,000 rows/s; the losses are what is said round by round. */
function forestOf(losses: readonly number[], budgetShare: number, roundsMax = 50): TrialForest {
  let round = 0;
  return {
    roundsMax,
    grow() {
      const logLoss = losses[round];
      if (logLoss === undefined) throw new Error(`round ${round + 1} was not expected`);
      round += 1;
      return { logLoss, addedVisits: REFERENCE_FOREST.visitsPerRow * budgetShare };
    },
    [Symbol.dispose]() {},
  };
}

describe('runTrial', () => {
  it('stops after rounds without a better loss and goes back to the best', async () => {
    const forest = forestOf([0.9, 0.5, 0.6, 0.7, 0.8], 0.01);
    expect(await runTrial(forest, LIMITS, never)).toMatchObject({
      state: 'complete',
      result: { rounds: 2, logLoss: 0.5, score: 0.5 },
    });
  });

  it('ends where its budget does, within it', async () => {
    const forest = forestOf([0.9, 0.8, 0.7, 0.6], 0.3);
    const outcome = await runTrial(forest, LIMITS, never);
    expect(outcome).toMatchObject({ state: 'complete', result: { rounds: 3, score: 0.7 } });
    expect(outcome.state === 'complete' && outcome.result.rowsPerSecond).toBeGreaterThan(44_000);
  });

  it('says by how much a forest is too slow whose first round is', async () => {
    const outcome = await runTrial(forestOf([0.9], 2), LIMITS, never);
    expect(outcome).toMatchObject({ state: 'complete', result: { rounds: 1, logLoss: 0.9 } });
    expect(outcome.state === 'complete' && outcome.result.score).toBeCloseTo(0.9 + Math.log(2), 6);
  });

  it('asks once for each tenth of the budget, with the least loss so far', async () => {
    const asked: [number, number][] = [];
    const askAtStep = async (step: number, loss: number) => {
      asked.push([step, loss]);
      return 'continue' as const;
    };
    await runTrial(forestOf([0.9, 0.7, 0.8, 0.6], 0.26, 4), LIMITS, { ...never, askAtStep });
    expect(asked).toEqual([
      [2, 0.9],
      [5, 0.7],
      [7, 0.7],
    ]);
  });

  it('is pruned where it is told so, with what it had', async () => {
    const ports: TrialPorts = {
      ...never,
      askAtStep: async (step) => (step >= 5 ? 'prune' : 'continue'),
    };
    expect(await runTrial(forestOf([0.9, 0.7], 0.26), LIMITS, ports)).toMatchObject({
      state: 'pruned',
      result: { rounds: 2, logLoss: 0.7 },
    });
  });

  it.each([
    ['between rounds', { ...never, isStopped: () => true }],
    ['at a step', { ...never, askAtStep: async () => 'stop' as const }],
  ])('stops %s without a result', async (_, ports) => {
    expect(await runTrial(forestOf([0.9], 0.26), LIMITS, ports)).toEqual({ state: 'stopped' });
  });

  it('refuses a loss that is no number', async () => {
    await expect(runTrial(forestOf([Number.NaN], 0.1), LIMITS, never)).rejects.toThrow(/NaN after 1 rounds/);
  });
});

describe('the score', () => {
  it('is the log loss within the budget and rises without a jump beyond it', () => {
    expect(scoreOf(0.3, 60_000, 60_000)).toBe(0.3);
    expect(scoreOf(0.3, 99_000, 60_000)).toBe(0.3);
    expect(scoreOf(0.3, 59_999, 60_000)).toBeCloseTo(0.3, 4);
    expect(scoreOf(0.3, 30_000, 60_000)).toBeGreaterThan(scoreOf(0.3, 40_000, 60_000));
  });
});
