/**
 * `jobs/<id>/report.html`: a closed job's summary as a page for people. One file that needs no network and no script; a
 * pure function of the summary, so whoever closes a job writes the same bytes.
 */
import type { JobSummary } from '../../schemas/job-summary.ts';
import { fileName } from '../jobs/job-files.ts';
import { driftSection } from './drift-section.ts';
import { escapeText } from './escape.ts';
import { count, percent } from './format-figures.ts';
import { formatDuration, formatTime } from './format-times.ts';
import {
  failuresSection,
  filesSection,
  gradesSection,
  rejectsSection,
  timingsSection,
  warningsSection,
} from './job-sections.ts';
import { JOB_STYLE } from './job-style.ts';
import { PAGE_STYLE } from './page-style.ts';

export function jobReport(summary: JobSummary): string {
  const sections = [
    failuresSection(summary),
    gradesSection(summary),
    summary.drift === undefined ? withoutDrift() : driftSection(summary.drift),
    rejectsSection(summary),
    warningsSection(summary),
    timingsSection(summary),
    filesSection(summary),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(titleOf(summary))}: NutriSage</title>
<style>${PAGE_STYLE}${JOB_STYLE}</style>
</head>
<body>
<main>
${header(summary)}
${sections.filter((section) => section !== '').join('\n')}
</main>
</body>
</html>
`;
}

function titleOf({ files }: JobSummary): string {
  const [first] = files;
  if (first === undefined) return 'A job without files';
  const more = files.length === 1 ? '' : ` and ${count(files.length - 1)} more`;
  return `${fileName(first.input.key)}${more}`;
}

const STATE_CLASSES: Readonly<Record<JobSummary['state'], string>> = {
  succeeded: 'good',
  'partly failed': 'notice',
  failed: 'bad',
  planning: '',
  running: '',
};

function header(summary: JobSummary): string {
  const { job, state, submittedAt, modelVersion, rules } = summary;
  const tiles = tilesOf(summary)
    .map(([label, value]) => `<div><dt>${escapeText(label)}</dt><dd>${escapeText(value)}</dd></div>`)
    .join('');
  return `<header>
<h1>${escapeText(titleOf(summary))}</h1>
<p class="muted"><span class="state ${STATE_CLASSES[state]}">${state}</span> job <code>${escapeText(job)}</code>, submitted ${formatTime(submittedAt)}, model <code>${escapeText(modelVersion)}</code>, Nutri-Score rules of ${rules}</p>
<dl class="tiles">${tiles}</dl>
</header>`;
}

function tilesOf({ counts, seconds, agreement }: JobSummary): readonly (readonly [string, string])[] {
  return [
    ['rows', count(counts.rows)],
    ['graded', count(counts.graded)],
    ['rejected', counts.rows === 0 ? '0' : percent(counts.rejected / counts.rows)],
    ...(agreement === null ? [] : [['model and rules agree', percent(agreement)] as const]),
    ['took', formatDuration(seconds)],
  ];
}

function withoutDrift(): string {
  return `<section><h2>How far the rows lie from training</h2>
<p>Not measured: the job’s model has no training histograms, or its shards were graded before they were counted.</p></section>`;
}
