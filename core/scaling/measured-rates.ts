/**
 * What one thread of a worker, and one endpoint, are planned to do in a second: the one place that sizes tasks, backlog and plans.
 * Careful, since nothing was measured on Fargate, where a vCPU may be one of a core's two hardware threads. The machine of
 * docs/performance.md does 170,300 to 217,300 rows/s of a core and 34,900 to 36,200 requests/s: of those at most half is counted on.
 * Of 31,700 to 32,800 rows/s with the table 37 to 39 % are left out, for the table binds first: a new one takes 4,000 writes/s.
 * `nutrisage plan` and `npm run simulate` take others.
 */

export interface MeasuredRate {
  readonly perSecond: number;
  readonly meaning: string;
  /** Prints what a machine does. */
  readonly command: string;
}

export const MEASURED_RATES = {
  rows: {
    perSecond: 60_000,
    meaning: 'rows that one worker thread takes from Parquet in S3 to Parquet in S3',
    command: 'npm run bench:batch',
  },
  rowsWithTable: {
    perSecond: 20_000,
    meaning: 'the same with every grade also written to DynamoDB',
    command: 'npm run bench:batch',
  },
  requests: {
    perSecond: 17_000,
    meaning: 'single items that one endpoint process grades',
    command: 'npm run bench:endpoint',
  },
} as const satisfies Record<string, MeasuredRate>;
