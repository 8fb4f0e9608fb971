/** Captions and room for the charts; `charts.ts` draws in them. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { PageView } from '../page-view.ts';
import { compact } from './figure-text.ts';

const RANGES = [
  { seconds: 300, label: '5 min' },
  { seconds: 1800, label: '30 min' },
] as const;

export function chartsPanel(
  { rates, queue, workers }: PageView,
  seconds: number,
  onSeconds: (seconds: number) => void,
): TemplateResult {
  const backlog = queue === null ? 'unknown' : `${queue.waiting} waiting, ${queue.inFlight} in flight`;
  return html`
    <section class="panel" aria-labelledby="charts-title">
      <div class="title">
        <h2 id="charts-title">Over time</h2>
        <fieldset class="ranges">
          <legend>Shown</legend>
          ${RANGES.map(
            (range) => html`
              <label>
                <input
                  type="radio"
                  name="range"
                  .checked=${range.seconds === seconds}
                  @change=${() => onSeconds(range.seconds)}
                />${range.label}
              </label>
            `,
          )}
        </fieldset>
      </div>
      <div class="charts">
        ${chart('chart-rows', html`Rows a second`, `Rows a second, now ${compact(rates.rows)}`)}
        ${chart(
          'chart-backlog',
          html`<span><span class="key orange">waiting</span> <span class="key teal">in flight</span></span>`,
          `Messages on the queue, now ${backlog}`,
        )}
        ${chart('chart-shards', html`Shards a second`, `Shards a second, now ${compact(rates.shards)}`)}
        ${workers.desired === null ? nothing : workersChart(workers.ready)}
      </div>
    </section>
  `;
}

/** Only where their number follows the backlog: else it is a line as straight as dull. */
function workersChart(ready: number): TemplateResult {
  return chart(
    'chart-workers',
    html`<span><span class="key teal">workers ready</span> <span class="key muted">desired</span></span>`,
    `Workers that are ready, now ${ready}`,
  );
}

/** @param description for who can not see it */
export function chart(id: string, caption: TemplateResult, description: string): TemplateResult {
  return html`
    <figure>
      <figcaption>${caption}<span class="hovered" data-hovered hidden></span></figcaption>
      <div id=${id} class="chart" role="img" aria-label=${description}></div>
    </figure>
  `;
}
