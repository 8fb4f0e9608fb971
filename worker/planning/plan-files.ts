/** The plan of a job's files: which rows and shards each has, and the messages of its shards. Pure. */
import type { NutrisageError } from '../../core/errors.ts';
import { planShards } from '../../core/jobs/plan-shards.ts';
import type { Failure, FileReference } from '../../schemas/file-reference.ts';
import type { JobRecord, PlannedFile } from '../../schemas/ledger.ts';
import { MESSAGE_VERSION, type ShardMessage } from '../../schemas/messages.ts';
import type { FileInspection } from '../threads/thread-protocol.ts';

export type InspectedFile =
  | { readonly input: FileReference; readonly inspection: FileInspection }
  /** An error that was met now, or the record of one that the plan was made with. */
  | { readonly input: FileReference; readonly failure: NutrisageError | Failure }
  /** Whole when it was planned, and not any more: it keeps its numbers, and its shards can not be sent. */
  | { readonly input: FileReference; readonly planned: PlannedFile; readonly lost: NutrisageError };

export interface JobPlan {
  readonly files: PlannedFile[];
  readonly rows: number;
  readonly shards: number;
  /** Of the shards that can be sent, in their order: all but those of lost files. */
  readonly messages: ShardMessage[];
}

/** Rows and shards are numbered through the files in their order; a file that can not be read has none. */
export function planFiles(inspected: readonly InspectedFile[], job: JobRecord): JobPlan {
  const files: PlannedFile[] = [];
  const messages: ShardMessage[] = [];
  let rows = 0;
  let shards = 0;
  for (const [number, file] of inspected.entries()) {
    const planned = planFile(file, number, { firstRowNumber: rows, firstShard: shards }, job);
    files.push(planned.file);
    for (const message of planned.messages) messages.push(message); // spread, 120,000 overflow the stack
    rows += planned.file.rows;
    shards += planned.file.shards;
  }
  return { files, rows, shards, messages };
}

function planFile(
  file: InspectedFile,
  number: number,
  start: Pick<PlannedFile, 'firstRowNumber' | 'firstShard'>,
  job: JobRecord,
): { readonly file: PlannedFile; readonly messages: readonly ShardMessage[] } {
  const { input } = file;
  if ('lost' in file) return { file: file.planned, messages: [] };
  if ('failure' in file) {
    const { code, message, remedy } = file.failure;
    return { file: { ...start, rows: 0, shards: 0, failure: { code, message, remedy } }, messages: [] };
  }
  const messages = planShards(file.inspection.rowGroups, job.shardRows).map(
    (shard, index): ShardMessage => ({
      kind: 'shard',
      version: MESSAGE_VERSION,
      job: job.job,
      shard: start.firstShard + index,
      file: number,
      input,
      rowGroups: { first: shard.first, count: shard.count },
      rows: shard.rows,
      firstRowNumber: start.firstRowNumber + shard.firstRow,
      submittedAt: job.submittedAt,
      modelVersion: job.modelVersion,
      rules: job.rules,
      ...(job.mapping === undefined ? {} : { mapping: job.mapping }),
      ...(job.correlation === undefined ? {} : { correlation: job.correlation }),
      redrive: 0,
    }),
  );
  return { file: { ...start, rows: file.inspection.rows, shards: messages.length }, messages };
}

export function isSamePlan(stored: readonly PlannedFile[], made: readonly PlannedFile[]): boolean {
  const numbers = (files: readonly PlannedFile[]): string =>
    JSON.stringify(files.map(({ rows, firstShard, shards }) => [rows, firstShard, shards]));
  return numbers(stored) === numbers(made);
}
