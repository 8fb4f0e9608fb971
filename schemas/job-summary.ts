/** `jobs/<id>/summary.json`: what a closed job did. A function of the ledger alone, so whoever closes writes the same bytes. */
import Type, { type Static } from 'typebox';
import { RowCounts } from './counts.ts';
import { DriftReport } from './drift-report.ts';
import { Failure, FileReference } from './file-reference.ts';
import { RulesVersion } from './grade.ts';
import { JobState, PlannedFile, StepSeconds } from './ledger.ts';

/** One input and what was planned of it. */
export const SummaryFile = Type.Object(
  { input: FileReference, ...PlannedFile.properties },
  { additionalProperties: false },
);
export type SummaryFile = Static<typeof SummaryFile>;

/** The agreement of a job or a window, held against the figure of the model's card. */
export const AgreementCheck = Type.Object(
  {
    low: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'Lower end of the 95 % interval of the agreement.',
    }),
    high: Type.Number({ minimum: 0, maximum: 1, description: 'Its upper end.' }),
    expected: Type.Number({ minimum: 0, maximum: 1, description: 'The figure of the model’s card.' }),
    margin: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'Low is what lies, with its whole interval, by more than this below the figure.',
    }),
    verdict: Type.Union([Type.Literal('as expected'), Type.Literal('low'), Type.Literal('too little data')]),
  },
  { additionalProperties: false },
);
export type AgreementCheck = Static<typeof AgreementCheck>;

export const JobSummary = Type.Object(
  {
    job: Type.String(),
    state: JobState,
    submittedAt: Type.String({ format: 'date-time' }),
    finishedAt: Type.String({ format: 'date-time', description: 'When the last shard was recorded.' }),
    seconds: Type.Number({ minimum: 0, description: 'From submission to the last shard.' }),
    rowsPerSecond: Type.Number({ minimum: 0 }),
    modelVersion: Type.String(),
    rules: RulesVersion,
    files: Type.Array(SummaryFile),
    shards: Type.Object(
      { planned: Type.Integer(), done: Type.Integer(), failed: Type.Integer() },
      { additionalProperties: false },
    ),
    counts: RowCounts,
    agreement: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
      description: 'Share of compared rows on which model grade and official grade agree.',
    }),
    agreementCheck: Type.Optional(AgreementCheck),
    drift: Type.Optional(DriftReport),
    stepSeconds: StepSeconds,
    outputs: Type.Object(
      {
        grades: Type.Array(Type.String()),
        rejects: Type.Array(Type.String()),
        report: Type.Optional(Type.String({ description: 'The summary as a page for people.' })),
      },
      { additionalProperties: false },
    ),
    failures: Type.Array(
      Type.Object({ shard: Type.Integer({ minimum: 0 }), failure: Failure }, { additionalProperties: false }),
    ),
    failure: Type.Optional(Failure),
  },
  { additionalProperties: false },
);
export type JobSummary = Static<typeof JobSummary>;
