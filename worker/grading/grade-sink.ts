import type { GradedColumns } from '../../core/parquet/graded-columns.ts';

/** The job that graded rows belong to, as their items carry it. */
export interface Grading {
  readonly job: string;
  readonly submittedAt: string;
}

/** Where single grades are looked up by code. A repeat writes the same items. */
export interface GradeSink {
  /** @param interrupted asked before each call; true stops with `interrupted`. */
  write(rows: GradedColumns, grading: Grading, interrupted: () => boolean): Promise<void>;
}
