/** How many threads each worker gets. */
import { availableParallelism } from 'node:os';

/** The machine's cores shared among the workers, as the variable of the workers has it; at least one each. */
export function threadsPerWorker(workers: number, cores: number = availableParallelism()): string {
  return String(Math.max(1, Math.floor(cores / Math.max(1, workers))));
}
