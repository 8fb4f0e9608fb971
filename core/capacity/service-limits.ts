/**
 * What the services themselves do not go beyond, from their documentation of November 2026. Quotas can be raised on request;
 * the others can not.
 */
export const SERVICE_LIMITS = {
  /** Writes of 1 KB a second that a new on-demand table takes at once; it grows with use, or by warm throughput. */
  newTableWritesPerSecond: 4000,
  /** Of one table: the default quota. */
  tableWritesPerSecond: 40_000,
  /** Of one partition key. A job's records share one. */
  partitionWritesPerSecond: 1000,
  /** Messages of one queue that are taken and not yet deleted. */
  messagesInFlight: 120_000,
  /** Requests a second below one prefix of a bucket. */
  putsPerSecond: 3500,
  getsPerSecond: 5500,
  /** How long our queues keep a message: the longest that SQS knows. */
  messageRetentionSeconds: 14 * 24 * 3600,
} as const;
