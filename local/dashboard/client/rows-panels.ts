/** Why rows are rejected, and how long their shards take. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { count, percent } from '../../../core/report/format-figures.ts';
import type { LatencyView, PageView, QuantilesView, RejectsView } from '../page-view.ts';
import { shortTime } from './figure-text.ts';

/** The rest is in a fold. */
const LISTED_MAX = 5;

export function rejectsPanel({ rejects }: PageView): TemplateResult {
  const { rows, rejected, reasons } = rejects;
  const most = Math.max(1, ...reasons.map((reason) => reason.rows));
  return html`
    <section class="panel" id="rejects" aria-labelledby="rejects-title">
      <h2 id="rejects-title">Rejected rows <span class="count">since the start</span></h2>
      ${
        reasons.length === 0
          ? html`<p class="empty">${rows === 0 ? 'No row was read yet.' : `None of ${count(rows)} rows was rejected.`}</p>`
          : html`<p class="muted">${count(rejected)} of ${count(rows)} rows (${percent(rejected / rows)}), some for several reasons</p>`
      }
      <ul class="bars">
        ${reasons.slice(0, LISTED_MAX).map((reason) => reasonBar(reason, most))}
      </ul>
      ${
        reasons.length <= LISTED_MAX
          ? nothing
          : html`<details>
              <summary>${reasons.length - LISTED_MAX} other reasons</summary>
              <ul class="bars">
                ${reasons.slice(LISTED_MAX).map((reason) => reasonBar(reason, most))}
              </ul>
            </details>`
      }
    </section>
  `;
}

function reasonBar({ reason, rows, sentence }: RejectsView['reasons'][number], most: number): TemplateResult {
  return html`
    <li>
      <span class="name"><code>${reason}</code></span>
      <span class="figure">${count(rows)}</span>
      <span class="bar" aria-hidden="true"><span .style=${`width:${(100 * rows) / most}%`}></span></span>
      <span class="muted">${sentence}</span>
    </li>
  `;
}

const STEP_NAMES: Readonly<Record<string, string>> = {
  read: 'read',
  grade: 'validate and grade',
  write: 'write Parquet',
  items: 'write items',
};

export function latencyPanel({ latency }: PageView): TemplateResult {
  const { steps } = latency;
  return html`
    <section class="panel" id="latency" aria-labelledby="latency-title">
      <h2 id="latency-title">Latency <span class="count">last 5 min</span></h2>
      ${
        steps === null
          ? html`<p class="empty">No shard was done in the last five minutes.</p>`
          : stepBars(steps)
      }
      <table class="quantiles">
        <thead>
          <tr><th scope="col"></th><th scope="col">median</th><th scope="col">99 of 100</th></tr>
        </thead>
        <tbody>
          ${quantileRow('a message waits', latency.waits)} ${quantileRow('a job takes', latency.jobs)}
        </tbody>
      </table>
    </section>
  `;
}

function stepBars(steps: NonNullable<LatencyView['steps']>): TemplateResult {
  const most = Math.max(...steps.map(({ seconds }) => seconds), Number.MIN_VALUE);
  return html`
    <p class="muted">A shard takes, on average</p>
    <ul class="bars">
      ${steps.map(
        ({ step, seconds }) => html`
          <li>
            <span class="name">${STEP_NAMES[step] ?? step}</span>
            <span class="figure">${shortTime(seconds)}</span>
            <span class="bar" aria-hidden="true"><span .style=${`width:${(100 * seconds) / most}%`}></span></span>
          </li>
        `,
      )}
    </ul>
  `;
}

export function quantileRow(label: string, quantiles: QuantilesView | null): TemplateResult {
  const [p50, p99] = quantiles === null ? ['–', '–'] : [quantiles.p50, quantiles.p99].map(shortTime);
  return html`<tr><th scope="row">${label}</th><td>${p50}</td><td>${p99}</td></tr>`;
}
