/**
 * Scores rows by a forest, in WebAssembly: `kernel/`, compiled to `kernel.wasm`. Sums, labels and scores are the same
 * bits whatever the machine, and those of ONNX Runtime (docs/adr/0013-the-forest-kernel.md).
 */
import type { Forest } from './forest.ts';
import { layImage } from './image.ts';
import { CALL_ROWS, type ImagePlan } from './image-plan.ts';
import type { MemoryImage } from './packed-memory.ts';

export interface ForestKernel {
  readonly forest: Forest;
  /** What the kernel holds for this forest. */
  readonly memoryBytes: number;
  /**
   * Blocks for as long as it takes: 4 µs a row alone, 0.6 µs among many (255 trees of depth 8).
   * @param features `rowCount` rows of `forest.featureCount` float32, row by row; NaN is missing.
   * @param scores takes `rowCount` x `forest.outputCount`.
   * @param labels takes the number of each row's label; left alone by a regression.
   * @throws {RangeError} when an array is too short.
   */
  scoreInto(features: Float32Array, rowCount: number, scores: Float32Array, labels?: Int32Array): void;
}

/** What `kernel/index.ts` exports. */
interface KernelExports {
  score(image: number, values: number, rows: number, scores: number, labels: number): void;
}

/** Where a forest's parts lie in a kernel's memory. */
export type KernelImage = MemoryImage<ImagePlan['at']>;

/** Takes 30 ms and more. @throws {ForestError} `unsupported` when the forest would take too much memory. */
export function layKernel(forest: Forest): KernelImage {
  const { memory, plan } = layImage(forest);
  return { memory, at: plan.at };
}

/**
 * @param kernel the module of `kernel.wasm`; one serves all threads and forests.
 * @param image of this forest, for this kernel alone
 * @throws {ForestError} `unsupported` when the forest would take too much memory.
 */
export function createForestKernel(
  kernel: WebAssembly.Module,
  forest: Forest,
  image = layKernel(forest),
): ForestKernel {
  const { memory, at } = image;
  const { featureCount, outputCount, form } = forest;
  const instance = new WebAssembly.Instance(kernel, { env: { memory } });
  const { score } = instance.exports as unknown as KernelExports; // compiled from kernel/index.ts
  const values = new Float32Array(memory.buffer, at.values, CALL_ROWS * featureCount);
  const scored = new Float32Array(memory.buffer, at.scores, CALL_ROWS * outputCount);
  const labelled = new Int32Array(memory.buffer, at.labels, CALL_ROWS);
  return {
    forest,
    memoryBytes: memory.buffer.byteLength,
    scoreInto(features, rowCount, scores, labels) {
      checkLength('features', features.length, rowCount * featureCount);
      checkLength('scores', scores.length, rowCount * outputCount);
      if (labels !== undefined) checkLength('labels', labels.length, rowCount);
      for (let first = 0; first < rowCount; first += CALL_ROWS) {
        const rows = Math.min(CALL_ROWS, rowCount - first);
        values.set(features.subarray(first * featureCount, (first + rows) * featureCount));
        score(at.head, at.values, rows, at.scores, at.labels);
        scores.set(scored.subarray(0, rows * outputCount), first * outputCount);
        if (form !== 'regression') labels?.set(labelled.subarray(0, rows), first);
      }
    },
  };
}

function checkLength(name: string, length: number, needed: number): void {
  if (length < needed) throw new RangeError(`${name} has ${length} numbers where ${needed} are needed`);
}
