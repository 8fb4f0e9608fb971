/**
 * A search in steps of 16: on each level, one block of 16 numbers says which block of the next level goes on. The
 * last level holds the limits themselves; one above holds every 16th of it.
 */
import { valueOfKey } from './order-key.ts';

const WIDTH = 16;

/** Numbers on each level, from the coarsest to the limits; whole blocks, with room past the last limit. */
export function searchLevelSizes(limitCount: number): number[] {
  const sizes: number[] = [];
  for (let stride = 1; ; stride *= WIDTH) {
    const blocks = Math.floor(limitCount / (stride * WIDTH)) + 1;
    sizes.unshift(blocks * WIDTH);
    if (blocks === 1) return sizes;
  }
}

/** Values of each level; NaN, which is at or below nothing, where there are no limits. */
export function searchLevels(limits: Int32Array): Float32Array[] {
  const sizes = searchLevelSizes(limits.length);
  return sizes.map((size, level) => {
    const stride = WIDTH ** (sizes.length - 1 - level);
    return Float32Array.from({ length: size }, (_, index) => {
      const limit = limits[(index + 1) * stride - 1];
      return limit === undefined ? Number.NaN : valueOfKey(limit);
    });
  });
}
