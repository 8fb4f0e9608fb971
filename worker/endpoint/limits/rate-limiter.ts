/**
 * What a client may spend: a bucket of as many items as it may send in a minute, which fills evenly. A fixed window would let
 * twice as many through around its end.
 */
import type { Client } from '../keys/keyring.ts';

export interface Allowance {
  readonly isSpent: boolean;
  /** Items left, rounded down. */
  readonly remaining: number;
  /** Until the bucket is full, or, where it is spent, until there is an item in it. */
  readonly seconds: number;
}

export interface RateLimiter {
  /**
   * Takes items while there are any; a request that begins with some left is taken whole, and the next waits the longer.
   * Takes nothing where the bucket is empty.
   */
  spend(client: Client, items: number): Allowance;
}

interface Bucket {
  items: number;
  filledAt: number;
}

const MINUTE_MS = 60_000;

/** @param now monotonic milliseconds */
export function createRateLimiter(now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();

  function bucketOf({ name, itemsPerMinute }: Client): Bucket {
    const at = now();
    const known = buckets.get(name);
    if (known === undefined) {
      const bucket = { items: itemsPerMinute, filledAt: at };
      buckets.set(name, bucket);
      return bucket;
    }
    const filled = ((at - known.filledAt) / MINUTE_MS) * itemsPerMinute;
    known.items = Math.min(itemsPerMinute, known.items + filled);
    known.filledAt = at;
    return known;
  }

  return {
    spend(client, items) {
      const bucket = bucketOf(client);
      const isSpent = bucket.items < 1;
      if (!isSpent) bucket.items -= items;
      const missing = (isSpent ? 1 : client.itemsPerMinute) - bucket.items;
      const seconds = Math.ceil((missing / client.itemsPerMinute) * 60);
      return { isSpent, remaining: Math.max(0, Math.floor(bucket.items)), seconds };
    },
  };
}
