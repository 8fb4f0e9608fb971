import { describe, expect, it } from 'vitest';
import { TREE_DEPTH_MAX } from '../../../core/forest/forest.ts';
import { ForestError } from '../../../core/forest/forest-error.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import { madeOnnx } from './made-onnx.ts';
import { chain, PLAIN, refusalOf } from './plain-ensemble.ts';
import { type Answers, firstDifference, openRuntime, runKernel } from './runtime.ts';

describe('a file', () => {
  it('is damaged wherever it is cut', () => {
    const whole = madeOnnx(PLAIN);
    // Behind the graph stand 28 bytes of versions that no forest needs.
    const graphEnd = whole.length - 28;
    for (let length = 0; length < graphEnd; length += 1) {
      expect(refusalOf(whole.slice(0, length)).kind, `after ${length} bytes`).toBe('damaged');
    }
  });

  it('is refused, or read as ONNX Runtime reads it, whichever byte is changed', async () => {
    const whole = madeOnnx(PLAIN);
    const rows = Float32Array.of(0, 0, 4, 6, -1, 7, Number.NaN, 3, 0, Number.NaN, 1e30, 8);
    let taken = 0;
    for (let at = 0; at < whole.length; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = whole.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        const own = answersOf(changed, rows);
        if (own === undefined) continue;
        const runtime = await openRuntime(changed).catch(() => undefined);
        if (runtime === undefined) continue;
        const theirs = await runtime.run(rows, 6).catch(() => undefined);
        await runtime.release();
        if (theirs === undefined) continue;
        taken += 1;
        // An output whose name is changed is not among theirs.
        if (theirs.labels.length > 0) expect(own.labels, `byte ${at}, ${flip}`).toEqual(theirs.labels);
        if (theirs.scores.length > 0)
          expect(firstDifference(own.scores, theirs.scores), `byte ${at}, ${flip}`).toBeUndefined();
      }
    }
    expect(taken).toBeGreaterThan(300);
  }, 120_000);
});

/** The kernel's answers; undefined where it does not take the file, or the rows have another width in it. */
function answersOf(onnx: Uint8Array, rows: Float32Array): Answers | undefined {
  try {
    if (readForest(onnx).featureCount !== 2) return undefined;
    return runKernel(onnx, rows, 6);
  } catch (error) {
    if (error instanceof ForestError) return undefined;
    throw error;
  }
}

describe('the deepest chain that is taken', () => {
  it('is answered as ONNX Runtime answers it', async () => {
    const onnx = chain(TREE_DEPTH_MAX);
    const rows = Float32Array.from({ length: 400 }, (_, at) => (at % 7 === 0 ? Number.NaN : at * 3));
    const runtime = await openRuntime(onnx);
    const theirs = await runtime.run(rows, 200);
    await runtime.release();
    expect(runKernel(onnx, rows, 200)).toEqual(theirs);
  });
});
