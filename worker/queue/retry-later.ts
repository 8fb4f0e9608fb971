import type { Delivery, Settlement } from './work-queue.ts';

const FIRST_PAUSE_SECONDS = 1;
const PAUSE_SECONDS_MAX = 60;

/** Comes back after 1, 2, 4 … seconds by the number of deliveries, at most a minute. */
export function retryLater(delivery: Delivery): Settlement {
  const afterSeconds = Math.min(PAUSE_SECONDS_MAX, FIRST_PAUSE_SECONDS * 2 ** (delivery.receiveCount - 1));
  return { kind: 'retry', afterSeconds };
}
