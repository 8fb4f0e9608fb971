/**
 * Float32 as whole numbers of the same order. With them `value < threshold` and `value <= threshold` are one
 * comparison, since the next number after a threshold is its key plus 1; infinities need no case of their own.
 */

/** Key of positive infinity: no number has a higher one. */
export const INFINITY_KEY = 0x7f80_0000;

const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/** @param value any float32 but NaN; both zeros have the key 0. */
export function orderKey(value: number): number {
  floats[0] = value === 0 ? 0 : value;
  const pattern = bits[0] as number;
  return pattern < 0 ? pattern ^ 0x7fff_ffff : pattern;
}

/** The number of a key; NaN for keys above that of infinity. */
export function valueOfKey(key: number): number {
  bits[0] = key < 0 ? key ^ 0x7fff_ffff : key;
  return floats[0] as number;
}
