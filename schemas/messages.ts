/**
 * What travels on the jobs queue. Amazon S3's own event notifications travel there too
 * (`s3-event.ts`); every other body must be one of these.
 */
import Type, { type Static } from 'typebox';
import { FileReference } from './file-reference.ts';
import { RulesVersion } from './grade.ts';
import { JobId } from './job-id.ts';
import { Mapping } from './mapping.ts';
import { ModelVersion } from './model.ts';

export const MESSAGE_VERSION = 1;

/** Files of one job: 500 bytes each, with a long key, fit in a message of 256 KiB. */
export const INPUTS_MAX = 500;

/** Keys and sort keys have six digits for it: a larger number would not be in the order of its text. */
export const SHARD_MAX = 999_999;

/** Above it two numbers are one, and as text they are no digits: `1e+308` would be a part of a key. */
const MOST = Number.MAX_SAFE_INTEGER;

/**
 * Names one submission or one event through the logs of all programs that have to do with it: the same files submitted
 * twice are one job, and two of these. 32 hexadecimal digits as of a W3C trace, or the request id of the store.
 */
export const Correlation = Type.String({ pattern: '^[0-9A-Za-z_.-]{1,64}$' });

/** Asks a worker to plan a job that the CLI submitted. */
export const SubmissionMessage = Type.Object(
  {
    kind: Type.Literal('submission'),
    version: Type.Literal(MESSAGE_VERSION),
    job: JobId,
    submittedAt: Type.String({ format: 'date-time' }),
    inputs: Type.Array(FileReference, { minItems: 1, maxItems: INPUTS_MAX }),
    mapping: Type.Optional(Mapping),
    correlation: Type.Optional(Correlation),
  },
  { additionalProperties: false },
);
export type SubmissionMessage = Static<typeof SubmissionMessage>;

/** One shard: whole row groups of one file. */
export const ShardMessage = Type.Object(
  {
    kind: Type.Literal('shard'),
    version: Type.Literal(MESSAGE_VERSION),
    job: JobId,
    shard: Type.Integer({ minimum: 0, maximum: SHARD_MAX }),
    file: Type.Integer({
      minimum: 0,
      maximum: INPUTS_MAX - 1,
      description: 'Which of the job’s inputs, counted from 0.',
    }),
    input: FileReference,
    rowGroups: Type.Object(
      {
        first: Type.Integer({ minimum: 0, maximum: MOST }),
        count: Type.Integer({ minimum: 1, maximum: MOST }),
      },
      { additionalProperties: false },
    ),
    rows: Type.Integer({ minimum: 0, maximum: MOST }),
    firstRowNumber: Type.Integer({
      minimum: 0,
      maximum: MOST,
      description: 'Rows are numbered from 0 through the job’s inputs in their order.',
    }),
    submittedAt: Type.String({ format: 'date-time' }),
    modelVersion: ModelVersion,
    rules: RulesVersion,
    mapping: Type.Optional(Mapping),
    correlation: Type.Optional(Correlation),
    redrive: Type.Integer({
      minimum: 0,
      maximum: MOST,
      description: 'How often the shard came back from the dead-letter queue.',
    }),
  },
  { additionalProperties: false },
);
export type ShardMessage = Static<typeof ShardMessage>;
