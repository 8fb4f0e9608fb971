/** Jobs as the page shows them, out of the ledger's records and the summaries of those that are closed. */

import { driftHeadline } from '../../core/drift/moved-features.ts';
import { fileName } from '../../core/jobs/job-files.ts';
import { count } from '../../core/report/format-figures.ts';
import { progressOf } from '../../producer/job-progress.ts';
import type { Failure } from '../../schemas/file-reference.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import type { DashboardState } from './dashboard-state.ts';
import type { AgreementView, DriftView, JobView } from './page-view.ts';
import type { JobReading, Reading } from './reading.ts';

export function jobViews({ running }: DashboardState, { at, jobs = [] }: Reading): readonly JobView[] {
  return jobs.map(({ record, summary }) => {
    const { job, state, submittedAt, closedAt } = record;
    const firstRunning = running.get(job);
    const waitedSince = Date.parse(submittedAt);
    const progress = progressOf({ job, record, waitedSince, firstRunning, nowMilliseconds: at });
    const failures = failuresOf({ record, summary });
    return {
      job,
      title: jobTitle(record),
      state,
      submittedAt,
      rows: record.rows ?? null,
      rowsFinished: record.rowsFinished,
      rowsRejected: record.rowsRejected,
      shards: record.shards ?? null,
      shardsFinished: record.finished,
      rowsPerSecond: summary?.rowsPerSecond ?? progress.rowsPerSecond ?? null,
      secondsLeft: progress.secondsLeft ?? null,
      tookSeconds: closedAt === undefined ? null : Math.max(0, Date.parse(closedAt) - waitedSince) / 1000,
      grades: summary === undefined ? null : GRADES.map((grade) => summary.counts.grades[grade]),
      drift: summary?.drift?.verdict ?? null,
      failure: failures[0] ?? null,
      failures: failures.length,
      hasReport: summary?.outputs.report !== undefined,
    };
  });
}

/** The name of its file, and how many there are more. */
export function jobTitle({ inputs }: Pick<JobRecord, 'inputs'>): string {
  const [first] = inputs;
  if (first === undefined) return 'a job without files';
  return inputs.length === 1
    ? fileName(first.key)
    : `${fileName(first.key)} and ${count(inputs.length - 1)} more`;
}

function failuresOf({ record, summary }: JobReading): readonly Failure[] {
  const of = summary ?? { failure: record.failure, files: record.files ?? [], failures: [] };
  const all = [
    ...(of.failure === undefined ? [] : [of.failure]),
    ...of.files.flatMap(({ failure }) => failure ?? []),
    ...of.failures.map(({ failure }) => failure),
  ];
  return all.map(withoutAddresses);
}

/** Files by their names: the rest of an upload's address is a hash. */
export function withoutAddresses({ code, message, remedy }: Failure): Failure {
  const short = (text: string): string => text.replaceAll(/s3:\/\/\S*\/(?=[^\s/])/g, '');
  return { code, message: short(message), remedy: short(remedy) };
}

/** Columns of drift, and intervals of agreement: as many as a phone has room for. */
const COMPARED_JOBS = 5;

/** Features in the order in which the newest jobs moved, those that moved farthest first. */
export function driftView({ jobs = [] }: Reading): DriftView {
  const measured = jobs
    .flatMap(({ record, summary }) =>
      summary?.drift === undefined ? [] : [{ record, drift: summary.drift }],
    )
    .slice(0, COMPARED_JOBS);
  const [newest] = measured;
  const features = (newest?.drift.features ?? []).map(({ feature, label }) => ({
    feature,
    label,
    cells: measured.map(({ drift }) => {
      const { verdict, sentence } = drift.features.find((one) => one.feature === feature) ?? NOT_MEASURED;
      return { verdict, sentence };
    }),
  }));
  return {
    jobs: measured.map(({ record, drift }) => ({
      job: record.job,
      title: jobTitle(record),
      verdict: drift.verdict,
      headline: driftHeadline(drift),
    })),
    features: features.toSorted((left, right) => movedRank(right) - movedRank(left)),
  };
}

const NOT_MEASURED = {
  verdict: 'too little data',
  sentence: 'not measured by the model of this job',
} as const;

/** By its verdicts, those of newer jobs before those of older. */
function movedRank({ cells }: DriftView['features'][number]): number {
  return cells.reduce((rank, { verdict }) => {
    const weight = { major: 2, moderate: 1, stable: 0, 'too little data': 0 }[verdict];
    return rank * 3 + weight;
  }, 0);
}

export function agreementViews({ jobs = [] }: Reading): readonly AgreementView[] {
  return jobs
    .flatMap(({ record, summary }) => {
      if (summary?.agreementCheck === undefined || summary.agreement === null) return [];
      const { agreement, agreementCheck, counts } = summary;
      const { job } = record;
      return [{ ...agreementCheck, job, title: jobTitle(record), agreement, compared: counts.compared }];
    })
    .slice(0, COMPARED_JOBS);
}
