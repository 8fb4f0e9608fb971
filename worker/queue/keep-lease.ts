/** Heartbeats of one message: its hold in the queue is renewed, and with it the lease that others read. */
import type { Logger } from 'pino';
import { isLeaseHeld, type Lease, renewLease } from './lease.ts';

export interface KeepLeaseOptions {
  /** The message's name, for the log. */
  readonly message: string;
  readonly visibilitySeconds: number;
  /** Asks the queue for another `visibilitySeconds`; false when the message is another's by now. */
  renew(signal: AbortSignal): Promise<boolean>;
  readonly log: Logger;
}

/** Of a visibility timeout: two renewals may fail before the lease is over. */
const RENEWALS_PER_TIMEOUT = 3;

/**
 * Renews until it is told to stop, or until the lease is over: to take it up again then could take the message out of
 * another worker's hands.
 * @returns stops it
 */
export function keepLease(options: KeepLeaseOptions, lease: Lease): () => void {
  const { message, visibilitySeconds, log } = options;
  // Whole: no signal takes a part of a millisecond.
  const everyMs = Math.max(1000, Math.floor((visibilitySeconds * 1000) / RENEWALS_PER_TIMEOUT));
  let renewing = false;
  const renew = async (): Promise<void> => {
    // Counted from before the call: the queue counts from when it has it.
    const from = Date.now();
    const isOurs = await options.renew(AbortSignal.timeout(everyMs));
    if (!isOurs) renewLease(lease, 0);
    else if (isLeaseHeld(lease, Date.now())) renewLease(lease, from + visibilitySeconds * 1000);
  };
  const timer = setInterval(() => {
    if (renewing) return;
    if (!isLeaseHeld(lease, Date.now())) {
      clearInterval(timer);
      log.warn({ message }, 'the lease of a message is over; another worker may have it');
      return;
    }
    renewing = true;
    renew()
      .catch((error: unknown) => log.warn({ err: error }, 'a lease could not be renewed; it is tried again'))
      .finally(() => {
        renewing = false;
      });
  }, everyMs);
  return () => clearInterval(timer);
}
