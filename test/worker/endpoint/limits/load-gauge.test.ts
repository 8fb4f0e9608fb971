import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createLoadGauge, type LoadGauge } from '../../../../worker/endpoint/limits/load-gauge.ts';

const now = (): number => performance.now();
let gauge: LoadGauge | undefined;
afterEach(() => gauge?.stop());

function holdTheLoop(ms: number): void {
  const end = now() + ms;
  while (now() < end);
}

describe('the gauge of load', () => {
  it('is over its limit while the desk has more than can be done in time', () => {
    let deskMs = 240;
    gauge = createLoadGauge({ deskMs: () => deskMs, waitMsMax: 1000, now });
    expect(gauge.isOverloaded()).toBe(false);
    deskMs = 1001;
    expect([gauge.isOverloaded(), gauge.waitMs()]).toEqual([true, 1001]);
  });

  it('is over its limit when the event loop was held for longer, until it turns again', async () => {
    gauge = createLoadGauge({ deskMs: () => 0, waitMsMax: 200, now });
    await pause(50);
    holdTheLoop(400);
    await expect.poll(() => gauge?.isOverloaded(), { interval: 1, timeout: 2000 }).toBe(true);
    await expect.poll(() => gauge?.isOverloaded(), { interval: 5, timeout: 10_000 }).toBe(false);
    expect(gauge.longestLateMs()).toBeGreaterThan(200);
  });
});
