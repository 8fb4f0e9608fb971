import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ForestError } from '../../../core/forest/forest-error.ts';
import { createForestKernel } from '../../../core/forest/forest-kernel.ts';
import { IMAGE_BEGIN } from '../../../core/forest/image-fields.ts';
import { valueOfKey } from '../../../core/forest/order-key.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import { onnxBytes } from '../../../trainer/onnx/onnx-model.ts';
import { readBoosterJson } from '../../../trainer/onnx/tree-ensemble.ts';
import { trainSmallForest } from '../../trainer/small-forest.ts';
import { type MadeEnsemble, type MadeNode, type MadeWeight, madeOnnx } from './made-onnx.ts';
import {
  type EnsembleShape,
  PLAIN_SHAPE,
  randomEnsemble,
  randomRows,
  randomShape,
} from './random-ensemble.ts';
import { firstDifference, KERNEL, openRuntime, runKernel } from './runtime.ts';

const SHIPPED = readFileSync(new URL('../../../fixtures/model/model.onnx', import.meta.url));

function thresholdsOf({ nodes }: MadeEnsemble): number[] {
  return nodes.flatMap(({ mode, value }) => (mode === undefined ? [] : [value ?? 0]));
}

/** What differs between the kernel and ONNX Runtime; undefined for nothing, `refused: …` where the kernel does not take it. */
async function compare(
  onnx: Uint8Array,
  features: Float32Array,
  rowCount: number,
): Promise<string | undefined> {
  try {
    readForest(onnx);
  } catch (error) {
    if (error instanceof ForestError) return `refused: ${error.message}`;
    throw error;
  }
  const own = runKernel(onnx, features, rowCount);
  const runtime = await openRuntime(onnx);
  const theirs = await runtime.run(features, rowCount);
  await runtime.release();
  const row = own.labels.findIndex((label, at) => label !== theirs.labels[at]);
  if (row !== -1) return `label ${row} is ${own.labels[row]}, not ${theirs.labels[row]}`;
  return firstDifference(own.scores, theirs.scores);
}

async function compareEnsemble(seed: number, ensemble: MadeEnsemble, rowCount: number) {
  const rows = randomRows(seed, rowCount, ensemble.featureCount, thresholdsOf(ensemble));
  return compare(madeOnnx(ensemble), rows, rowCount);
}

describe('the forest kernel', () => {
  it('answers as ONNX Runtime does, to the last bit, for forests of every shape', async () => {
    let refused = 0;
    const FORESTS = 250;
    for (let seed = 1; seed <= FORESTS; seed += 1) {
      const outcome = await compareEnsemble(seed, randomEnsemble(seed), 150);
      if (outcome?.startsWith('refused: ')) refused += 1;
      else expect(outcome, `seed ${seed}: ${JSON.stringify(randomShape(seed))}`).toBeUndefined();
    }
    // What it leaves to ONNX Runtime are classes that not every row comes to, and one sum with SOFTMAX.
    expect(refused).toBeLessThan(FORESTS / 4);
  }, 120_000);

  it.each([
    ['many classes', { classCount: 10, leafKind: 'all classes' }],
    ['a class a tree, with base values', { classCount: 7, leafKind: 'one class a tree', hasBase: true }],
    ['four classes', { classCount: 4, leafKind: 'some classes', hasBase: true }],
    ['one sum for two classes', { classCount: 2, leafKind: 'first class alone', transform: 'LOGISTIC' }],
    ['chains of twenty levels', { depthMax: 20, branching: 0.55 }],
    ['full trees of eight levels', { depthMax: 8, branching: 1, trees: 12 }],
    ['full trees of nine levels', { depthMax: 9, branching: 1, trees: 12 }],
    ['lone leaves', { branching: 0 }],
    ['more than 255 thresholds a feature', { featureCount: 1, depthMax: 8, branching: 1, trees: 40 }],
    ['no word on missing values', { tracksMissing: false }],
  ] as const satisfies readonly (readonly [string, Partial<EnsembleShape>])[])(
    'does so for %s',
    async (_, part) => {
      const base: EnsembleShape = { ...PLAIN_SHAPE, trees: 20, classCount: 5, featureCount: 8 };
      for (let seed = 1; seed <= 5; seed += 1) {
        const ensemble = randomEnsemble(seed, { ...base, ...part });
        expect(await compareEnsemble(seed, ensemble, 400)).toBeUndefined();
      }
    },
    60_000,
  );

  it('scores a row the same alone, among a few, and among many', () => {
    const ensemble = randomEnsemble(3, {
      ...randomShape(3),
      classCount: 5,
      leafKind: 'all classes',
      depthMax: 12,
    });
    const forest = readForest(madeOnnx(ensemble));
    const kernel = createForestKernel(KERNEL, forest);
    const rows = 2500;
    const features = randomRows(7, rows, forest.featureCount, thresholdsOf(ensemble));
    const together = new Float32Array(rows * 5);
    kernel.scoreInto(features, rows, together);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: rows - 1 }), fc.integer({ min: 1, max: 300 }), (first, count) => {
        const end = Math.min(rows, first + count);
        const part = features.subarray(first * forest.featureCount, end * forest.featureCount);
        const scores = new Float32Array((end - first) * 5);
        const labels = new Int32Array(end - first);
        kernel.scoreInto(part, end - first, scores, labels);
        expect(scores).toEqual(together.subarray(first * 5, end * 5));
      }),
    );
  });

  it('takes no rows, and needs arrays that are long enough', () => {
    const kernel = createForestKernel(KERNEL, readForest(SHIPPED));
    kernel.scoreInto(new Float32Array(0), 0, new Float32Array(0));
    expect(() => kernel.scoreInto(new Float32Array(22), 1, new Float32Array(5))).toThrow(RangeError);
    expect(() => kernel.scoreInto(new Float32Array(23), 1, new Float32Array(4))).toThrow(/scores/);
    expect(() => kernel.scoreInto(new Float32Array(23), 1, new Float32Array(5), new Int32Array(0))).toThrow(
      /labels/,
    );
  });

  it('leaves a forest to others that would take more memory than any forest should', () => {
    const forest = { ...readForest(SHIPPED), sumCount: 2 ** 22, outputCount: 2 ** 22 };
    expect(() => createForestKernel(KERNEL, forest)).toThrow(/would take \d+ MiB/);
  });

  it('keeps its own constants below the image', () => {
    const { exports } = new WebAssembly.Instance(KERNEL, {
      env: { memory: new WebAssembly.Memory({ initial: 1 }) },
    });
    const { firstFreeByte } = exports as { firstFreeByte(): number };
    expect(firstFreeByte()).toBeLessThanOrEqual(IMAGE_BEGIN);
  });

  it('runs a tree of a million nodes', async () => {
    // A chain of 12 branches on the way to each of 4,096 subtrees of 7 levels, breadth first.
    const nodes: MadeNode[] = [];
    const weights: MadeWeight[] = [];
    const depth = 19;
    const count = 2 ** (depth + 1) - 1;
    for (let id = 0; id < count; id += 1) {
      const isLeaf = id >= 2 ** depth - 1;
      if (isLeaf) weights.push({ tree: 0, id, sum: id % 3, value: (id % 1000) / 100 });
      else
        nodes.push({
          tree: 0,
          id,
          mode: 'BRANCH_LT',
          feature: id % 7,
          value: (id % 997) / 10,
          whenTrue: 2 * id + 1,
          whenFalse: 2 * id + 2,
          missingTracksTrue: id % 2,
        });
      if (isLeaf) nodes.push({ tree: 0, id });
    }
    expect(nodes).toHaveLength(1_048_575);
    const ensemble: MadeEnsemble = {
      nodes,
      weights,
      featureCount: 7,
      classCount: 3,
      baseValues: [0, 0, 0],
      transform: 'SOFTMAX',
    };
    expect(await compareEnsemble(5, ensemble, 500)).toBeUndefined();
  }, 120_000);
});

describe('on a million rows with missing values, infinities, denormals and values on thresholds', () => {
  let grown: Uint8Array;
  beforeAll(() => {
    grown = onnxBytes(readBoosterJson(trainSmallForest(40, { max_depth: 6 }).json));
  });

  it.each([
    ['the shipped model', () => SHIPPED, 500_000],
    ['a forest with a tree a class and round', () => grown, 500_000],
  ] as const)(
    'no label of %s differs from ONNX Runtime’s',
    async (_, file, rowCount) => {
      const onnx = file();
      const forest = readForest(onnx);
      const kernel = createForestKernel(KERNEL, forest);
      const runtime = await openRuntime(onnx);
      const { features, limits } = forest.nodes;
      const thresholds = Array.from(
        limits.filter((__, node) => features[node] !== -1),
        valueOfKey,
      );
      const block = 10_000;
      for (let first = 0; first < rowCount; first += block) {
        const rows = randomRows(first + 1, block, forest.featureCount, thresholds);
        const scores = new Float32Array(block * 5);
        const labels = new Int32Array(block);
        kernel.scoreInto(rows, block, scores, labels);
        const theirs = await runtime.run(rows, block);
        expect(Buffer.compare(bytesOf(labels), bytesOf(theirs.labels)), `rows from ${first} on`).toBe(0);
        expect(firstDifference(scores, theirs.scores), `rows from ${first} on`).toBeUndefined();
      }
      await runtime.release();
    },
    180_000,
  );
});

function bytesOf(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
