import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INFINITY_KEY, orderKey, valueOfKey } from '../../../core/forest/order-key.ts';

const float32 = fc.float({ noNaN: true });

describe('an order key', () => {
  it('compares as its value does', () => {
    fc.assert(
      fc.property(float32, float32, (one, other) => {
        expect(Math.sign(orderKey(one) - orderKey(other))).toBe(
          Math.sign(Number(one > other) - Number(one < other)),
        );
      }),
    );
  });

  it('leads back to its value, with one zero for both', () => {
    fc.assert(
      fc.property(float32, (value) => {
        expect(valueOfKey(orderKey(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('is followed by that of the next number', () => {
    expect(valueOfKey(orderKey(0) + 1)).toBe(2 ** -149);
    // Between it and 0 stands the key of minus zero, which no value has.
    expect(valueOfKey(orderKey(-(2 ** -149)) + 1)).toBe(-0);
    expect(orderKey(-(2 ** -149)) + 2).toBe(orderKey(-0));
    expect(orderKey(3.4028234663852886e38) + 1).toBe(INFINITY_KEY);
    expect(valueOfKey(INFINITY_KEY)).toBe(Number.POSITIVE_INFINITY);
    expect(valueOfKey(INFINITY_KEY + 1)).toBeNaN();
    expect(valueOfKey(-INFINITY_KEY - 1)).toBe(Number.NEGATIVE_INFINITY);
  });
});
