/** How far the rows of the last jobs lie from training, and how often model and rules agree on them. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { count, percent } from '../../../core/report/format-figures.ts';
import type { AgreementView, DriftFeatureView, DriftView, PageView } from '../page-view.ts';

/** More that have moved are in the fold, with those that have not. */
const LISTED_MAX = 6;
const SHOWN_VERDICTS = ['major', 'moderate', 'stable', 'too little data'] as const;

export function driftPanel({ drift }: PageView): TemplateResult {
  const { jobs, features } = drift;
  const moved = features.filter(hasMoved).slice(0, LISTED_MAX);
  const still = features.filter((feature) => !moved.includes(feature));
  return html`
    <section class="panel" id="drift" aria-labelledby="drift-title">
      <h2 id="drift-title">Drift from training</h2>
      ${
        jobs.length === 0
          ? html`<p class="empty">Nothing measured yet: each closed job of 200 rows or more is compared with what the model was trained on.</p>`
          : html`
              <ol class="drift-jobs">
                ${jobs.map(
                  ({ job, title, verdict, headline }) => html`
                    <li data-drift=${verdict}>
                      <a href=${`/jobs/${job}/report.html`}>${title}</a>
                      <span>${headline}</span>
                    </li>
                  `,
                )}
              </ol>
              ${moved.length === 0 ? nothing : featureTable(moved, drift, 'Features that have moved most')}
              <p class="legend" aria-hidden="true">
                ${SHOWN_VERDICTS.map((verdict) => html`<span data-drift=${verdict}><i></i>${verdict}</span>`)}
              </p>
              ${
                still.length === 0
                  ? nothing
                  : html`<details>
                      <summary>${moved.length === 0 ? 'Every feature' : `${still.length} other features`}</summary>
                      ${featureTable(still, drift, 'Other features')}
                    </details>`
              }
            `
      }
    </section>
  `;
}

function hasMoved({ cells }: DriftFeatureView): boolean {
  return cells.some(({ verdict }) => verdict === 'moderate' || verdict === 'major');
}

/** A column for each job, numbered as in the list above. */
function featureTable(
  features: readonly DriftFeatureView[],
  { jobs }: DriftView,
  caption: string,
): TemplateResult {
  return html`
    <table class="features">
      <caption>${caption}</caption>
      <thead>
        <tr>
          <th scope="col">feature</th>
          ${jobs.map(({ title }, index) => html`<th scope="col"><abbr title=${title}>${index + 1}</abbr></th>`)}
        </tr>
      </thead>
      <tbody>
        ${features.map(
          ({ label, cells }) => html`
            <tr>
              <th scope="row">${label}<span class="muted">${movedSentence(cells)}</span></th>
              ${cells.map(
                ({ verdict, sentence }) => html`
                  <td data-drift=${verdict} title=${sentence}><span>${verdict}</span></td>
                `,
              )}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/** Of the newest job in which it has moved. */
function movedSentence(cells: DriftFeatureView['cells']): string {
  return cells.find(({ verdict }) => verdict === 'moderate' || verdict === 'major')?.sentence ?? '';
}

export function agreementPanel({ agreement, model }: PageView): TemplateResult {
  return html`
    <section class="panel" id="agreement" aria-labelledby="agreement-title">
      <h2 id="agreement-title">Model and rules agree</h2>
      ${
        agreement.length === 0
          ? html`<p class="empty">
              No job yet with rows that have both grades.${
                model === null || model.accuracy === null
                  ? nothing
                  : html` The model’s card promises ${percent(model.accuracy)}.`
              }
            </p>`
          : html`
              <ol class="agreement">
                ${agreement.map((one) => agreementRow(one, lowestOf(agreement)))}
              </ol>
              <p class="muted">
                Bars are 95 % intervals, the line is the model’s card. Low is what lies wholly left of the shaded margin.
              </p>
            `
      }
    </section>
  `;
}

/** Where the bars begin: below all that is shown, in steps of five points. */
function lowestOf(all: readonly AgreementView[]): number {
  const least = Math.min(...all.map(({ low, expected, margin }) => Math.min(low, expected - margin)));
  return Math.max(0, Math.floor((least - 0.005) * 20) / 20);
}

function agreementRow(view: AgreementView, lowest: number): TemplateResult {
  const { title, agreement, low, high, expected, margin, verdict, compared } = view;
  const place = (share: number): string => `${((share - lowest) / (1 - lowest)) * 100}%`;
  const width = (from: number, to: number): string => `${((to - from) / (1 - lowest)) * 100}%`;
  return html`
    <li data-verdict=${verdict}>
      <span class="name">${title}</span>
      <span class="figure">${percent(agreement)}<span class="muted"> of ${count(compared)}</span></span>
      <span class="interval" aria-hidden="true">
        <span class="margin" .style=${`left:${place(expected - margin)};width:${width(expected - margin, expected)}`}></span>
        <span class="span" .style=${`left:${place(low)};width:${width(low, high)}`}></span>
        <span class="card" .style=${`left:${place(expected)}`}></span>
      </span>
    </li>
  `;
}
