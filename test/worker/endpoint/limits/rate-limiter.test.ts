import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../../../worker/endpoint/limits/rate-limiter.ts';

const CLIENT = { name: 'shop', itemsPerMinute: 60 };

describe('what a client may spend', () => {
  it('is a minute’s items at once, and then one each time that one has come back', () => {
    let now = 0;
    const limiter = createRateLimiter(() => now);
    expect(limiter.spend(CLIENT, 59)).toEqual({ isSpent: false, remaining: 1, seconds: 59 });
    expect(limiter.spend(CLIENT, 1)).toEqual({ isSpent: false, remaining: 0, seconds: 60 });
    expect(limiter.spend(CLIENT, 1)).toEqual({ isSpent: true, remaining: 0, seconds: 1 });
    now = 1000;
    expect(limiter.spend(CLIENT, 1)).toMatchObject({ isSpent: false });
    expect(limiter.spend(CLIENT, 1)).toMatchObject({ isSpent: true });
  });

  it('covers a list that begins within it, which the next waits for', () => {
    let now = 0;
    const limiter = createRateLimiter(() => now);
    expect(limiter.spend(CLIENT, 120)).toEqual({ isSpent: false, remaining: 0, seconds: 120 });
    expect(limiter.spend(CLIENT, 1)).toEqual({ isSpent: true, remaining: 0, seconds: 61 });
    now = 61_000;
    expect(limiter.spend(CLIENT, 1)).toMatchObject({ isSpent: false });
  });

  it('is each client’s own', () => {
    const limiter = createRateLimiter(() => 0);
    limiter.spend(CLIENT, 60);
    expect(limiter.spend({ ...CLIENT, name: 'lab' }, 1)).toMatchObject({ isSpent: false, remaining: 59 });
  });

  it('never lets more single items through than the bucket and what filled it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 300 }), (pauses) => {
        let now = 0;
        const limiter = createRateLimiter(() => now);
        let taken = 0;
        for (const pause of pauses) {
          now += pause;
          if (!limiter.spend(CLIENT, 1).isSpent) taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(60 + now / 1000);
      }),
    );
  });
});
