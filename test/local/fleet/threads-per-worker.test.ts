import { expect, it } from 'vitest';
import { threadsPerWorker } from '../../../local/fleet/threads-per-worker.ts';

it.each([
  [1, 8, '8'],
  [3, 8, '2'],
  [8, 2, '1'],
  [0, 4, '4'],
])('gives each of %i workers on %i cores %s threads', (workers, cores, threads) => {
  expect(threadsPerWorker(workers, cores)).toBe(threads);
});
