import { describe, expect, it } from 'vitest';
import type { Scorer } from '../../../worker/grading/scorer.ts';
import { probeScorer } from '../../../worker/models/probe-scorer.ts';

const SCORER = { modelVersion: 'a'.repeat(16), engine: 'forest', scoreSync: undefined } as const;

function scorerOf(shares: readonly number[]): Scorer {
  return {
    ...SCORER,
    score: async (_, rowCount) =>
      Float32Array.from({ length: rowCount * 5 }, (_, at) => shares[at % 5] ?? Number.NaN),
  };
}

describe('the probe of a model', () => {
  it('takes a probability for each grade', async () => {
    await expect(probeScorer(scorerOf([0.2, 0.2, 0.2, 0.2, 0.2]))).resolves.toBeUndefined();
    await expect(probeScorer(scorerOf([0, 0, 1, 0, 0]))).resolves.toBeUndefined();
  });

  it.each([
    ['no number', [Number.NaN, 0, 1, 0, 0]],
    ['too little', [0.2, 0.2, 0.2, 0.2, 0.1]],
    ['a negative share', [1.2, -0.2, 0, 0, 0]],
  ])('refuses %s', async (_, shares) => {
    await expect(probeScorer(scorerOf(shares))).rejects.toMatchObject({ code: 'model-damaged' });
  });

  it('refuses a model that does not run', async () => {
    const scorer: Scorer = {
      ...SCORER,
      score: async () => {
        throw new Error('Unexpected input data type');
      },
    };
    await expect(probeScorer(scorer)).rejects.toMatchObject({
      code: 'model-damaged',
      message: `Model ${'a'.repeat(16)} can not be used: Unexpected input data type.`,
    });
  });
});
