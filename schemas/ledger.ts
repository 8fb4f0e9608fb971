/** Records of the `jobs` table: key `job` + sort key `sk`, which is `JOB` or `SHARD#…`. */
import Type, { type Static } from 'typebox';
import { RowCounts } from './counts.ts';
import { Failure, FileReference } from './file-reference.ts';
import { RulesVersion } from './grade.ts';
import { Mapping } from './mapping.ts';

export const JobState = Type.Union([
  Type.Literal('planning'),
  Type.Literal('running'),
  Type.Literal('succeeded'),
  Type.Literal('partly failed'),
  Type.Literal('failed'),
]);
export type JobState = Static<typeof JobState>;

/** One input as planned: where its rows and shards begin within the job. It is the input at its own index. */
export const PlannedFile = Type.Object(
  {
    rows: Type.Integer({ minimum: 0 }),
    firstRowNumber: Type.Integer({ minimum: 0 }),
    firstShard: Type.Integer({ minimum: 0 }),
    shards: Type.Integer({ minimum: 0 }),
    failure: Type.Optional(Failure),
  },
  { additionalProperties: false },
);
export type PlannedFile = Static<typeof PlannedFile>;

export const JobRecord = Type.Object(
  {
    job: Type.String(),
    sk: Type.Literal('JOB'),
    kind: Type.Literal('JOB', { description: 'Partition key of the index that lists jobs by time.' }),
    state: JobState,
    submittedAt: Type.String({ format: 'date-time' }),
    origin: Type.Union([Type.Literal('inbox'), Type.Literal('submission')]),
    inputs: Type.Array(FileReference),
    mapping: Type.Optional(Mapping),
    correlation: Type.Optional(
      Type.String({ description: 'Of the submission or event that the job was made for.' }),
    ),
    modelVersion: Type.String(),
    rules: RulesVersion,
    shardRows: Type.Integer({ minimum: 1, description: 'Rows aimed at per shard when it was planned.' }),
    files: Type.Optional(Type.Array(PlannedFile)),
    rows: Type.Optional(Type.Integer({ minimum: 0 })),
    shards: Type.Optional(Type.Integer({ minimum: 0 })),
    sentAt: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'When every shard had its message on the queue, or had failed for want of one.',
      }),
    ),
    finished: Type.Integer({
      minimum: 0,
      description: 'A hint for progress; closing counts the shard records.',
    }),
    rowsFinished: Type.Integer({ minimum: 0 }),
    rowsRejected: Type.Integer({ minimum: 0 }),
    revision: Type.Integer({ minimum: 0, description: 'Raised by a redrive, so that a stale close loses.' }),
    failure: Type.Optional(Failure),
    closedAt: Type.Optional(Type.String({ format: 'date-time' })),
    expiresAt: Type.Integer({ description: 'Seconds since 1970; DynamoDB’s time to live.' }),
  },
  { additionalProperties: false },
);
export type JobRecord = Static<typeof JobRecord>;

export const ShardState = Type.Union([
  Type.Literal('done'),
  Type.Literal('failed'),
  Type.Literal('last attempt'),
]);
export type ShardState = Static<typeof ShardState>;

/** Seconds spent per step by the attempt whose record won. */
export const StepSeconds = Type.Object(
  {
    read: Type.Number({ minimum: 0 }),
    grade: Type.Number({ minimum: 0, description: 'Validate, encode features, score.' }),
    write: Type.Number({ minimum: 0, description: 'Parquet parts to the store.' }),
    items: Type.Number({ minimum: 0, description: 'Items to the grades table.' }),
  },
  { additionalProperties: false },
);
export type StepSeconds = Static<typeof StepSeconds>;

export const ShardRecord = Type.Object(
  {
    job: Type.String(),
    sk: Type.String({ pattern: '^SHARD#[0-9]{6}$' }),
    state: ShardState,
    shard: Type.Integer({ minimum: 0 }),
    redrive: Type.Integer({ minimum: 0 }),
    attempt: Type.Integer({ minimum: 1 }),
    worker: Type.String(),
    at: Type.String({ format: 'date-time' }),
    rows: Type.Integer({ minimum: 0 }),
    counts: Type.Optional(RowCounts),
    outputs: Type.Optional(
      Type.Object(
        {
          grades: Type.Union([Type.String(), Type.Null()]),
          rejects: Type.Union([Type.String(), Type.Null()]),
        },
        { additionalProperties: false },
      ),
    ),
    seconds: Type.Optional(StepSeconds),
    /** As one text: of maps of 400 numbers, a page of a hundred records takes the event loop 11 ms, of texts 2.4. */
    histograms: Type.Optional(
      Type.String({ description: 'JSON of the shard’s row histograms; absent where the model has no bins.' }),
    ),
    failure: Type.Optional(Failure),
    expiresAt: Type.Integer(),
  },
  { additionalProperties: false },
);
export type ShardRecord = Static<typeof ShardRecord>;
