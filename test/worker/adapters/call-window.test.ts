import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Call, createCallWindow } from '../../../worker/adapters/call-window.ts';

/** Whether a promise is fulfilled by now, after all that waits has run. */
async function isFulfilled(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  promise.then(() => {
    isDone = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return isDone;
}

describe('a window of calls', () => {
  it('lets as many begin as it is wide, and the next when one has ended', async () => {
    const window = createCallWindow(2);
    const [first] = await Promise.all([window.enter(), window.enter()]);
    const third = window.enter();
    expect(await isFulfilled(third)).toBe(false);
    first.leave(false);
    expect(await isFulfilled(third)).toBe(true);
  });

  it('is halved once by all calls that were under way when the service throttled', async () => {
    const window = createCallWindow(8);
    const calls = await Promise.all(Array.from({ length: 8 }, () => window.enter()));
    for (const call of calls) call.leave(true);
    expect(window.size).toBe(4);
  });

  it('is halved again by a call that began afterwards, and never closes', async () => {
    const window = createCallWindow(8);
    for (let call = 0; call < 10; call += 1) (await window.enter()).leave(true);
    expect(window.size).toBe(1);
    expect(await isFulfilled(window.enter())).toBe(true);
  });

  it('widens by about one for each round of calls that pass, up to where it began', async () => {
    const window = createCallWindow(4);
    (await window.enter()).leave(true);
    expect(window.size).toBe(2);
    for (let call = 0; call < 3; call += 1) (await window.enter()).leave(false);
    expect(window.size).toBe(3);
    for (let call = 0; call < 100; call += 1) (await window.enter()).leave(false);
    expect(window.size).toBe(4);
  });

  it('has never more calls under way than its widest, and lets all begin in the end, whatever is throttled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (sizeMax, throttled) => {
          const window = createCallWindow(sizeMax);
          let underWay = 0;
          let most = 0;
          const run = async (wasThrottled: boolean): Promise<void> => {
            const call: Call = await window.enter();
            underWay += 1;
            most = Math.max(most, underWay);
            await Promise.resolve();
            underWay -= 1;
            call.leave(wasThrottled);
          };
          await Promise.all(throttled.map(run));
          expect(most).toBeLessThanOrEqual(sizeMax);
        },
      ),
      { numRuns: 50 },
    );
  });
});
