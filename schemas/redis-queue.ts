/** Where the jobs queue lies in Redis, for all programs that open it. */
export const REDIS_QUEUE = {
  name: 'nutrisage-jobs',
  /** The braces are a hash tag: all keys lie in one slot, as the scripts of a queue need on a cluster. */
  prefix: '{nutrisage}',
} as const;

/** Which queue carries the work. */
export const QUEUE_KINDS = ['sqs', 'bullmq'] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. */
const REDIS_ADDRESS = /^rediss?:\/\/[^/\s]+(\/\d*)?(\?\S*)?$/;

export function isRedisAddress(text: string): boolean {
  return REDIS_ADDRESS.test(text);
}
