/** A job's id is derived from what was submitted, so that the same event or submission is the same job. */
import { createHash } from 'node:crypto';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { Mapping } from '../../schemas/mapping.ts';

export interface InboxArrival {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** S3's own order of events on a key; differs when the same bytes are dropped again. */
  readonly sequencer: string;
}

/** Id of the job of one object dropped in the inbox: a repeated event is the same job. */
export function inboxJobId(arrival: InboxArrival): string {
  return hash(['inbox', arrival.bucket, arrival.key, arrival.etag, arrival.sequencer]);
}

export interface Submission {
  readonly inputs: readonly FileReference[];
  readonly mapping?: Mapping;
  /** 0, or a number of the user's choosing that asks for a new grading of the same files. */
  readonly again: number;
}

/** Id of a job submitted by the CLI: the same contents, mapping and number are the same job. */
export function submissionJobId(submission: Submission): string {
  const inputs = submission.inputs.map(({ bucket, key, etag }) => [bucket, key, etag]);
  return hash(['submission', inputs, sortedMapping(submission.mapping), submission.again]);
}

function sortedMapping(mapping: Mapping | undefined): unknown {
  if (mapping === undefined) return null;
  return Object.entries(mapping.columns).sort(([left], [right]) => (left < right ? -1 : 1));
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
