/** What ONNX Runtime makes of a file, and what the kernel does: in the same shape, to be compared. */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createForestKernel } from '../../../core/forest/forest-kernel.ts';
import { readForest } from '../../../core/forest/read-forest.ts';

export interface Answers {
  /** Empty for a regression. */
  readonly labels: Int32Array;
  readonly scores: Float32Array;
}

export interface Runtime {
  run(features: Float32Array, rowCount: number): Promise<Answers>;
  release(): Promise<void>;
}

export const KERNEL = new WebAssembly.Module(
  readFileSync(new URL('../../../core/forest/kernel.wasm', import.meta.url)),
);

/** ONNX Runtime on one thread, as the worker runs it. */
export async function openRuntime(onnx: Uint8Array): Promise<Runtime> {
  const session = await InferenceSession.create(onnx, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  return {
    async run(features, rowCount) {
      const tensor = new Tensor('float32', features, [rowCount, features.length / rowCount]);
      const { label, probabilities } = await session.run({ features: tensor });
      return {
        labels: Int32Array.from((label?.data ?? []) as ArrayLike<bigint>, Number),
        scores: (probabilities?.data ?? new Float32Array(0)) as Float32Array,
      };
    },
    release: () => session.release(),
  };
}

/** The kernel's answers, by the numbers that the file's labels stand for. */
export function runKernel(onnx: Uint8Array, features: Float32Array, rowCount: number): Answers {
  const forest = readForest(onnx);
  const kernel = createForestKernel(KERNEL, forest);
  const scores = new Float32Array(rowCount * forest.outputCount);
  const labels = new Int32Array(forest.form === 'regression' ? 0 : rowCount);
  kernel.scoreInto(features, rowCount, scores, forest.form === 'regression' ? undefined : labels);
  return { scores, labels: labels.map((label) => Number(forest.labels[label])) };
}

/**
 * Where ONNX Runtime takes its exponentials from glibc, scores are the same bits; elsewhere they may differ in the
 * last one.
 */
export const HAS_GLIBC: boolean = (() => {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
})();

/** First difference between two lists of scores; undefined where there is none. NaN equals NaN. */
export function firstDifference(own: Float32Array, theirs: Float32Array): string | undefined {
  if (own.length !== theirs.length) return `${own.length} scores and ${theirs.length}`;
  for (let at = 0; at < own.length; at += 1) {
    const [one, other] = [own[at] as number, theirs[at] as number];
    const isSame =
      one === other ||
      (Number.isNaN(one) && Number.isNaN(other)) ||
      (!HAS_GLIBC && Math.abs(one - other) < 1e-6);
    if (!isSame) return `score ${at} is ${one}, not ${other}`;
  }
  return undefined;
}
