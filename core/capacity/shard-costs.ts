/**
 * What a shard of usual size asks of each service, counted on the embedded stack: 655,360 made products in flat columns, ten shards
 * (`npm run local`, `nutrisage submit`, and the store's own log).
 */
export const SHARD_COSTS = {
  /** Ranged reads of its row groups and of the footer. */
  gets: 6,
  /** Grades and rejects. */
  puts: 2,
  /** Sent in tens, received, deleted. */
  queueRequests: 2.1,
  /** `SHARD#n` with its counts and histograms, and the count in `JOB`, in units of 1 KB. */
  ledgerWrites: 6,
  /** Consistent reads of both, in units of 4 KB. */
  ledgerReads: 4,
  logBytes: 400,
} as const;

/** What a row becomes. */
export const ROW_COSTS = {
  /** Of grades and rejects, zstd. */
  parquetBytes: 27,
  /** An item of the grades table: below 1 KB, so one write each. */
  itemBytes: 520,
  itemWrites: 1,
} as const;

/** Metrics of a worker in CloudWatch, with the values of their dimensions that usually occur. */
export const WORKER_METRICS = 60;
