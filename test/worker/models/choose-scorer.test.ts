import { beforeAll, describe, expect, it } from 'vitest';
import { FEATURE_NAMES } from '../../../core/features/feature-table.ts';
import { createScorer } from '../../../worker/adapters/create-scorer.ts';
import { createForestScorer } from '../../../worker/adapters/forest-scorer.ts';
import { createOnnxScorer } from '../../../worker/adapters/onnx-scorer.ts';
import type { ComparableScorer } from '../../../worker/grading/scorer.ts';
import { type ChooseScorerPorts, chooseScorer } from '../../../worker/models/choose-scorer.ts';
import type { LoadedModel } from '../../../worker/models/model-store.ts';
import { rowsWithSugars, tinyModel } from '../../contracts/scorer.ts';
import { type MadeEnsemble, type MadeNode, madeOnnx, type OnnxChanges } from '../../core/forest/made-onnx.ts';

let model: LoadedModel;
beforeAll(async () => {
  model = await tinyModel();
});

/** A stump for five grades. */
const STUMP: MadeEnsemble = {
  nodes: [
    { tree: 0, id: 0, mode: 'BRANCH_LT', feature: 4, value: 5, whenTrue: 1, whenFalse: 2 },
    { tree: 0, id: 1 },
    { tree: 0, id: 2 },
  ],
  weights: [1, 2].flatMap((id) => [0, 1, 2, 3, 4].map((sum) => ({ tree: 0, id, sum, value: sum * id }))),
  featureCount: FEATURE_NAMES.length,
  classCount: 5,
  transform: 'SOFTMAX',
};
const madeModel = (part: Partial<MadeEnsemble>, changes?: OnnxChanges): Promise<LoadedModel> =>
  tinyModel({ onnx: madeOnnx({ ...STUMP, ...part }, changes) });
const withRoot = (part: Partial<MadeNode>): Partial<MadeEnsemble> => ({
  nodes: STUMP.nodes.map((node, at) => (at === 0 ? { ...node, ...part } : node)),
});

/** The real adapters; `change` makes another kernel of the real one. */
function portsWith(change: (kernel: ComparableScorer) => ComparableScorer): ChooseScorerPorts {
  return {
    createOnnxScorer,
    createForestScorer: ({ manifest }, forest) => change(createForestScorer(manifest, forest)),
  };
}

describe('the choice of an engine', () => {
  it('is the kernel where both agree', async () => {
    const { scorer, fallback } = await createScorer(model, 'auto');
    expect([scorer.engine, fallback]).toEqual(['forest', undefined]);
    expect(scorer.scoreSync?.(rowsWithSugars(1), 1)).toHaveLength(5);
  });

  it.each(['forest', 'onnxruntime'] as const)('is %s where that is asked for', async (engine) => {
    const { scorer, fallback } = await createScorer(model, engine);
    expect([scorer.engine, fallback]).toEqual([engine, undefined]);
    expect(await scorer.score(rowsWithSugars(1), 1)).toHaveLength(5);
  });

  it('asks nothing of ONNX Runtime where the kernel alone is asked for', async () => {
    const ports: ChooseScorerPorts = {
      ...portsWith((kernel) => kernel),
      createOnnxScorer: () => Promise.reject(new Error('It was asked.')),
    };
    await expect(chooseScorer(model, 'forest', ports)).resolves.toMatchObject({ fallback: undefined });
    await expect(chooseScorer(model, 'auto', ports)).rejects.toThrow('It was asked.');
  });

  it('falls back to ONNX Runtime, with the reason, where probabilities differ', async () => {
    const ports = portsWith((kernel) => ({
      ...kernel,
      score: async (features, rowCount) =>
        (await kernel.score(features, rowCount)).map((share) => share + 2e-6),
    }));
    const { scorer, fallback } = await chooseScorer(model, 'auto', ports);
    expect(scorer.engine).toBe('onnxruntime');
    expect(fallback).toMatch(/^the kernel's probabilities differ by up to 2\.\de-6 on \d+ probe rows$/);
    expect(await scorer.score(rowsWithSugars(1), 1)).toHaveLength(5);
  });

  it('falls back where an answer is no number', async () => {
    const ports = portsWith((kernel) => ({
      ...kernel,
      score: async (_, rowCount) => new Float32Array(rowCount * 5).fill(Number.NaN),
    }));
    const { fallback } = await chooseScorer(model, 'auto', ports);
    expect(fallback).toMatch(/differ by up to Infinity/);
  });

  it('falls back where a single label differs', async () => {
    const ports = portsWith((kernel) => ({
      ...kernel,
      async label(features, rowCount) {
        return (await kernel.label(features, rowCount)).map((label, row) => (row === 7 ? label + 1 : label));
      },
    }));
    const { scorer, fallback } = await chooseScorer(model, 'auto', ports);
    expect(scorer.engine).toBe('onnxruntime');
    expect(fallback).toMatch(/^the kernel's labels differ on 1 of \d+ probe rows$/);
  });

  it.each([
    ['branches of another kind', () => madeModel(withRoot({ mode: 'BRANCH_GTE' })), /BRANCH_GTE/],
    ['more than a tree ensemble', () => madeModel({}, { moreNodes: 1 }), /not a lone tree ensemble/],
    ['text labels', () => madeModel({}, TEXT_LABELS), /labels a, b, c, d, e/],
  ])('is ONNX Runtime for %s', async (_, make, reason) => {
    const other = await make();
    const { scorer, fallback } = await createScorer(other, 'auto');
    expect(scorer.engine).toBe('onnxruntime');
    expect(fallback).toMatch(reason);
    expect(await scorer.score(rowsWithSugars(1), 1)).toHaveLength(5);
    await expect(createScorer(other, 'forest')).rejects.toMatchObject({
      code: 'model-damaged',
      message: expect.stringMatching(/the forest kernel does not run it, and nothing else may/),
    });
    expect((await createScorer(other, 'onnxruntime')).fallback).toBeUndefined();
  });

  it.each([
    ['a cycle', () => madeModel(withRoot({ whenTrue: 0 })), /trees have no cycles/],
    ['a child out of range', () => madeModel(withRoot({ whenTrue: 7 })), /node 7, which is not there/],
    ['a feature that rows lack', () => madeModel(withRoot({ feature: 23 })), /looks at feature 23/],
    ['half a file', () => tinyModel({ onnx: madeOnnx(STUMP).slice(0, 300) }), /cut short|ends within/],
    [
      'a chain of 20,000 branches, which ends a process in ONNX Runtime',
      () => madeModel(CHAIN),
      /1000 levels/,
    ],
  ])('is none for %s', async (_, make, reason) => {
    const broken = await make();
    for (const choice of ['auto', 'forest', 'onnxruntime'] as const) {
      await expect(createScorer(broken, choice)).rejects.toMatchObject({
        code: 'model-damaged',
        message: expect.stringMatching(reason),
      });
    }
  });
});

const TEXT_LABELS: OnnxChanges = {
  without: ['classlabels_int64s'],
  attributes: { classlabels_strings: { strings: ['a', 'b', 'c', 'd', 'e'] } },
  outputs: ['probabilities'],
};
const CHAIN: Partial<MadeEnsemble> = {
  nodes: Array.from({ length: 20_000 }, (_, id) => id).flatMap((id) => [
    {
      tree: 0,
      id: 2 * id,
      mode: 'BRANCH_LT',
      feature: 0,
      value: id,
      whenTrue: 2 * id + 1,
      whenFalse: 2 * id + 2,
    },
    { tree: 0, id: 2 * id + 1 },
    ...(id === 19_999 ? [{ tree: 0, id: 40_000 }] : []),
  ]),
};
