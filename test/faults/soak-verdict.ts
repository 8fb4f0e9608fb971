/** Whether what was sampled through a soak stays where it is: the last third is held against the second. */
import { median } from '../../bench/median.ts';

export interface Sample {
  /** Of all workers together. */
  readonly residentBytes: number;
  readonly descriptors: number;
}

export interface Verdict {
  /** Median of the last third over that of the second. */
  readonly memoryRatio: number;
  readonly descriptorRatio: number;
  readonly complaints: readonly string[];
}

export const GROWTH_MAX = 0.05;

/** The first third warms up: models are loaded and heaps grow to their size. */
export function verdictOf(samples: readonly Sample[]): Verdict {
  const third = Math.floor(samples.length / 3);
  const ratio = (of: (sample: Sample) => number): number =>
    median(samples.slice(-third).map(of)) / median(samples.slice(third, 2 * third).map(of));
  if (third === 0)
    return { memoryRatio: Number.NaN, descriptorRatio: Number.NaN, complaints: ['too few samples'] };
  const memoryRatio = ratio(({ residentBytes }) => residentBytes);
  const descriptorRatio = ratio(({ descriptors }) => descriptors);
  const grows = (what: string, value: number): string[] =>
    value <= 1 + GROWTH_MAX ? [] : [`${what} grew: the last third has ${value.toFixed(3)} of the second`];
  return {
    memoryRatio,
    descriptorRatio,
    complaints: [...grows('memory', memoryRatio), ...grows('the number of descriptors', descriptorRatio)],
  };
}
