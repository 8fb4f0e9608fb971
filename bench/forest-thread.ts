/** Entry of a thread that scores the same rows by the forest kernel for as long as it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { createForestKernel } from '../core/forest/forest-kernel.ts';
import { readForest } from '../core/forest/read-forest.ts';
import { forestKernelModule } from '../worker/adapters/forest-scorer.ts';

export interface ForestThreadData {
  readonly onnx: Uint8Array;
  readonly features: Float32Array;
  readonly rowCount: number;
}

/** Rows a second: by the clock, and of the processor's time that the thread was given. */
export interface ThreadRates {
  readonly byTheClock: number;
  readonly ofProcessorTime: number;
}

const { onnx, features, rowCount } = workerData as ForestThreadData; // made by bench/forest.ts
const kernel = createForestKernel(forestKernelModule(), readForest(onnx));
const scores = new Float32Array(rowCount * kernel.forest.outputCount);

parentPort?.on('message', (milliseconds: number) => {
  const begin = performance.now();
  const used = process.threadCpuUsage();
  let rows = 0;
  while (performance.now() - begin < milliseconds) {
    kernel.scoreInto(features, rowCount, scores);
    rows += rowCount;
  }
  const { user, system } = process.threadCpuUsage(used);
  const rates: ThreadRates = {
    byTheClock: (rows / (performance.now() - begin)) * 1000,
    ofProcessorTime: (rows / (user + system)) * 1e6,
  };
  parentPort?.postMessage(rates);
});
parentPort?.postMessage('ready');
