/** Jobs, the newest first: how far each has come, and what came out. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { count, percent } from '../../../core/report/format-figures.ts';
import { formatDuration } from '../../../core/report/format-times.ts';
import type { JobView, PageView } from '../page-view.ts';
import { commandLine } from './command-line.ts';
import { age, compact } from './figure-text.ts';

const LETTERS = ['A', 'B', 'C', 'D', 'E'] as const;
/** Below it a letter does not fit into its part of the bar. */
const LETTER_SHARE = 0.06;

export function jobsPanel({ jobs, at }: PageView): TemplateResult {
  return html`
    <section class="panel" id="jobs" aria-labelledby="jobs-title" tabindex="-1">
      <h2 id="jobs-title">Jobs</h2>
      ${jobs.length === 0 ? noJobs() : nothing}
      <ol class="jobs">
        ${repeat(
          jobs,
          ({ job }) => job,
          (job) => jobRow(job, at),
        )}
      </ol>
    </section>
  `;
}

function noJobs(): TemplateResult {
  return html`<p class="empty">
    No job yet. Submit a Parquet file of products, or drop one in the inbox with any S3 client:
    ${commandLine('npx nutrisage submit products.parquet')}
  </p>`;
}

function jobRow(job: JobView, now: number): TemplateResult {
  const { title, state, submittedAt, failure, failures, drift, hasReport } = job;
  return html`
    <li class="job" data-job=${job.job} data-state=${state}>
      <strong class="name" title=${title}>${title}</strong>
      <span class="chip" data-state=${state}>${state}</span>
      <div class="course">${courseOf(job)}</div>
      <span class="muted">${age(now - Date.parse(submittedAt))} ago</span>
      <p class="figures">
        ${figuresOf(job).join(' · ')} ·
        <code class="id" title="for npx nutrisage logs, status, drift">${job.job}</code>
      </p>
      <p class="links">
        ${
          drift === null || drift === 'stable' || drift === 'too little data'
            ? nothing
            : html`<span class="chip" data-drift=${drift}>drift ${drift}</span>`
        }
        ${hasReport ? html`<a href=${`/jobs/${job.job}/report.html`}>Report</a>` : nothing}
      </p>
      ${
        failure === null
          ? nothing
          : html`<p class="failure">
            ${failures > 1 ? html`<strong>${failures} failures, the first:</strong> ` : nothing}${failure.message}
            <code>${failure.code}</code> <span class="muted">${failure.remedy}</span>
          </p>`
      }
    </li>
  `;
}

/** How far it is, or what came out; of one that failed as a whole there is neither. */
function courseOf(job: JobView): TemplateResult | typeof nothing {
  if (job.grades?.some((rows) => rows > 0)) return gradesBar(job.grades);
  return job.state === 'failed' ? nothing : progress(job);
}

function progress({ rows, rowsFinished, state, title }: JobView): TemplateResult {
  const share = rows === null || rows === 0 ? 0 : Math.min(1, rowsFinished / rows);
  const percents = Math.floor(share * 100);
  return html`<div
    class="progress"
    role="progressbar"
    aria-label=${`Progress of ${title}`}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${percents}
    data-state=${state}
  ><span .style=${`width:${percents}%`}></span></div>`;
}

function gradesBar(grades: readonly number[]): TemplateResult {
  const rows = grades.reduce((sum, of) => sum + of, 0);
  const shares = grades.map((of) => (rows === 0 ? 0 : of / rows));
  const words = shares.map((share, grade) => `${LETTERS[grade]} ${percent(share)}`).join(', ');
  return html`<div class="grades" role="img" aria-label=${`Grades: ${words}`} title=${words}>
    ${shares.map(
      (share, grade) =>
        html`<span class=${`g${grade}`} .style=${`width:${share * 100}%`}
          >${share < LETTER_SHARE ? '' : LETTERS[grade]}</span
        >`,
    )}
  </div>`;
}

function figuresOf(job: JobView): readonly string[] {
  const { state, rows, rowsFinished, rowsRejected, shards, shardsFinished, rowsPerSecond } = job;
  if (state === 'planning') return ['being planned'];
  const rejected = rowsFinished === 0 ? [] : [`${percent(rowsRejected / rowsFinished)} rejected`];
  const rate = rowsPerSecond === null || rowsPerSecond === 0 ? [] : [`${compact(rowsPerSecond)} rows/s`];
  if (state === 'running') {
    const left = job.secondsLeft === null ? [] : [`${formatDuration(job.secondsLeft)} left`];
    return [
      `${count(rowsFinished)} of ${count(rows ?? 0)} rows`,
      `${count(shardsFinished)} of ${count(shards ?? 0)} shards`,
      ...rate,
      ...left,
    ];
  }
  const took = job.tookSeconds === null ? [] : [`took ${formatDuration(job.tookSeconds)}`];
  // Of a file that could not be read no rows are known.
  const graded = rows === null && rowsFinished === 0 ? [] : [`${count(rowsFinished)} rows`];
  return [...graded, ...rejected, ...took, ...rate];
}
