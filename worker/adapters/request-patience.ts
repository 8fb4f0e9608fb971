/**
 * How long a call to a service waits. By themselves the SDK's clients wait for a silent server for ever (S3),
 * 300 s (DynamoDB) or 900 s (SQS): a connection that is dropped without a word would hold a thread, its shard
 * and, by the heartbeats, the lease of its message.
 */
export interface RequestPatience {
  readonly connectionTimeout: number;
  /** Milliseconds without a byte. Above the 20 s that a long poll of an empty queue is silent. */
  readonly socketTimeout: number;
}

export const REQUEST_PATIENCE: RequestPatience = { connectionTimeout: 5000, socketTimeout: 30_000 };
