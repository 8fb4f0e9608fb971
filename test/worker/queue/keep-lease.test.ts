import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepLease } from '../../../worker/queue/keep-lease.ts';
import { createLease, isLeaseHeld, type Lease } from '../../../worker/queue/lease.ts';

const VISIBILITY_SECONDS = 30;
const BEGUN = Date.parse('2026-11-23T10:00:00.000Z');

describe('a lease that is kept', () => {
  let lease: Lease;
  let said: string[];
  let stop: () => void;

  beforeEach(() => {
    vi.useFakeTimers({ now: BEGUN });
    lease = createLease(BEGUN + VISIBILITY_SECONDS * 1000);
    said = [];
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  const keep = (renew: () => Promise<boolean>, visibilitySeconds = VISIBILITY_SECONDS) => {
    const renewals = vi.fn(renew);
    const log = pino({ level: 'warn' }, { write: (line: string) => said.push(JSON.parse(line).msg) });
    stop = keepLease({ message: 'm', visibilitySeconds, renew: renewals, log }, lease);
    return renewals;
  };
  const isHeld = (): boolean => isLeaseHeld(lease, Date.now());

  it('is renewed three times in a timeout, and held for as long as that goes on', async () => {
    const renewals = keep(async () => true);
    await vi.advanceTimersByTimeAsync(VISIBILITY_SECONDS * 4 * 1000);
    expect(renewals).toHaveBeenCalledTimes(12);
    expect(isHeld()).toBe(true);
    expect(said).toEqual([]);
  });

  it.each([3, 10, 20, 31])('is renewed as well for a timeout of %d s', async (visibilitySeconds) => {
    lease = createLease(BEGUN + visibilitySeconds * 1000);
    const renewals = keep(async () => true, visibilitySeconds);
    await vi.advanceTimersByTimeAsync(visibilitySeconds * 4 * 1000);
    expect(renewals.mock.calls.length).toBeGreaterThanOrEqual(11);
    expect(isHeld()).toBe(true);
    expect(said).toEqual([]);
  });

  it('outlives two renewals that fail, and is over after three; it is not taken up again', async () => {
    const renewals = keep(async () => {
      throw new Error('The queue is away.');
    });
    await vi.advanceTimersByTimeAsync(VISIBILITY_SECONDS * 1000 - 1);
    expect(isHeld()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(isHeld()).toBe(false);
    renewals.mockResolvedValue(true);
    await vi.advanceTimersByTimeAsync(VISIBILITY_SECONDS * 1000);
    expect(isHeld()).toBe(false);
    expect(renewals).toHaveBeenCalledTimes(2);
    expect(said.at(-1)).toContain('the lease of a message is over');
  });

  it('is over at once when the message is another’s', async () => {
    keep(async () => false);
    await vi.advanceTimersByTimeAsync((VISIBILITY_SECONDS * 1000) / 3);
    expect(isHeld()).toBe(false);
  });

  it('counts from before a renewal was asked for, and not at all when the answer comes after its end', async () => {
    const answers: ((isOurs: boolean) => void)[] = [];
    const renewals = keep(() => new Promise((resolve) => answers.push(resolve)));
    await vi.advanceTimersByTimeAsync(15_000);
    answers.shift()?.(true);
    // Asked for after 10 s, answered after 15: held until 40.
    await vi.advanceTimersByTimeAsync(24_999);
    expect(isHeld()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(isHeld()).toBe(false);
    answers.shift()?.(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(isHeld()).toBe(false);
    expect(renewals).toHaveBeenCalledTimes(2);
  });

  it('is left alone once it is stopped', async () => {
    const renewals = keep(async () => true);
    stop();
    await vi.advanceTimersByTimeAsync(VISIBILITY_SECONDS * 1000);
    expect(renewals).not.toHaveBeenCalled();
    expect(isHeld()).toBe(false);
  });
});
