/** The synchronous endpoint, while one answers. */
import { html, type TemplateResult } from 'lit-html';
import { count } from '../../../core/report/format-figures.ts';
import type { EndpointView } from '../page-view.ts';
import { chart } from './charts-panel.ts';
import { compact } from './figure-text.ts';
import { quantileRow } from './rows-panels.ts';

export function endpointPanel(endpoint: EndpointView): TemplateResult {
  const { address, requestsPerSecond, inFlight, latency, statuses, shed, errors } = endpoint;
  return html`
    <section class="panel" id="endpoint" aria-labelledby="endpoint-title">
      <h2 id="endpoint-title">Endpoint <a class="count" href=${address}>${address}</a></h2>
      <div class="charts">
        ${chart('chart-requests', html`Requests a second`, `Requests a second, now ${compact(requestsPerSecond)}`)}
        ${chart(
          'chart-request-time',
          html`<span><span class="key orange">99 of 100 within</span> <span class="key teal">median</span></span>`,
          'Time of an answer',
        )}
      </div>
      <table class="quantiles">
        <thead>
          <tr><th scope="col">last 5 min</th><th scope="col">median</th><th scope="col">99 of 100</th></tr>
        </thead>
        <tbody>
          ${quantileRow('an answer takes', latency)}
        </tbody>
      </table>
      <ul class="statuses">
        ${statuses.map(
          ({ status, count: of }) =>
            html`<li data-status=${status}><strong>${count(of)}</strong> ${status}</li>`,
        )}
        <li data-status=${errors > 0 ? '5xx' : ''}><strong>${count(errors)}</strong> errors of ours</li>
        <li data-status=${shed > 0 ? 'shed' : ''}><strong>${count(shed)}</strong> shed</li>
        <li><strong>${inFlight === null ? '–' : count(inFlight)}</strong> in flight</li>
      </ul>
    </section>
  `;
}
