/**
 * How long a message is surely ours. Once it is over another worker may have the message, and whoever still works on
 * it must write nothing more: a worker that was stopped for a while (a paused machine, a step that hung) finds out by
 * the clock, without asking anybody. It lies in shared memory, so that a grading thread reads what the event loop
 * renews.
 */
export interface Lease {
  /** One number: milliseconds since 1970. */
  readonly untilMs: BigInt64Array<SharedArrayBuffer>;
}

export function createLease(untilMs: number): Lease {
  const lease: Lease = { untilMs: new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) };
  renewLease(lease, untilMs);
  return lease;
}

export function renewLease({ untilMs }: Lease, until: number): void {
  Atomics.store(untilMs, 0, BigInt(Math.floor(until)));
}

/** A message without a lease (its queue does not tell) is held until it is settled. */
export function isLeaseHeld(lease: Lease | undefined, now: number): boolean {
  return lease === undefined || now < Number(Atomics.load(lease.untilMs, 0));
}
