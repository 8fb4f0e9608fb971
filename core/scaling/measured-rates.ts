/**
 * What one core of ours does in a second, as measured: the one place that sizes tasks, backlog and plans. A figure
 * is of the machine it was measured on; `nutrisage plan` and the stage configuration take others.
 */

export interface MeasuredRate {
  readonly perSecond: number;
  readonly meaning: string;
  /** Prints it anew. */
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
