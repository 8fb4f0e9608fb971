/** Where things lie in the data bucket and the tables: pure functions of the job. */
import { PREFIXES } from '../../schemas/names.ts';

/** The date under which a job's outputs are partitioned: the day it was submitted, UTC. */
function partitionDate(submittedAt: string): string {
  return submittedAt.slice(0, 10);
}

export interface PartPlace {
  readonly job: string;
  readonly submittedAt: string;
  readonly file: number;
  readonly shard: number;
}

/** Key of one shard's part of a dataset, such as `grades/date=2026-11-23/job=…/0000-000012.parquet`. */
export function partKey(dataset: 'grades' | 'rejects', place: PartPlace): string {
  const file = String(place.file).padStart(4, '0');
  const shard = String(place.shard).padStart(6, '0');
  return `${PREFIXES[dataset]}date=${partitionDate(place.submittedAt)}/job=${place.job}/${file}-${shard}.parquet`;
}

export function summaryKey(job: string): string {
  return `${PREFIXES.jobs}${job}/summary.json`;
}

/** The summary as a page for people. */
export function reportKey(job: string): string {
  return `${PREFIXES.jobs}${job}/report.html`;
}

export function shardSortKey(shard: number): string {
  return `SHARD#${String(shard).padStart(6, '0')}`;
}

/** Sort key of a grading: by submission time, so that the latest is the first of a descending query. */
export function gradingSortKey(submittedAt: string, job: string, rowNumber: number): string {
  return `${submittedAt}#${job}#${String(rowNumber).padStart(12, '0')}`;
}
