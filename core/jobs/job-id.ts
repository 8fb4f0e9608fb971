/** A job's id is derived from what was submitted, so that the same event or submission is the same job. */
import { createHash } from 'node:crypto';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { MappedColumn, Mapping } from '../../schemas/mapping.ts';
import { flatName } from '../parquet/input-sources.ts';
import { mappedColumn, mappingTarget } from '../parquet/mapping-targets.ts';

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
  return hash(['submission', inputs, canonicalMapping(submission.mapping), submission.again]);
}

/**
 * What a mapping says, however it is written: sorted, inputs under their own names, units filled in. Left as
 * written, the same submission from a tool that orders properties otherwise would be graded twice.
 */
function canonicalMapping(mapping: Mapping | undefined): unknown {
  if (mapping === undefined) return null;
  return Object.entries(mapping.columns).map(canonicalColumn).sort(byName);
}

type CanonicalColumn = readonly [name: string, column: string, unit: string | null];

function canonicalColumn([name, mapped]: [string, MappedColumn]): CanonicalColumn {
  const { column, unit } = mappedColumn(mapped);
  const target = mappingTarget(name);
  if (target === undefined) return [name, column, unit ?? null];
  // A code or a category has no unit.
  if (target.kind === 'other') return [target.role, column, null];
  return [flatName(target.source), column, unit ?? target.source.unit];
}

function byName([left]: CanonicalColumn, [right]: CanonicalColumn): number {
  return left < right ? -1 : 1;
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
