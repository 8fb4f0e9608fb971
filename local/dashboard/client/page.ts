/** The whole page: what is wrong on top, then the course of things, then the particulars. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { percent } from '../../../core/report/format-figures.ts';
import type { PageStart, PageView } from '../page-view.ts';
import { alarmsPanel } from './alarms-panel.ts';
import { chartsPanel } from './charts-panel.ts';
import { agreementPanel, driftPanel } from './drift-panel.ts';
import { endpointPanel } from './endpoint-panel.ts';
import { age, clockTime } from './figure-text.ts';
import { jobsPanel } from './jobs-panel.ts';
import { latencyPanel, rejectsPanel } from './rows-panels.ts';
import { tiles } from './tiles.ts';
import { verdictOf } from './verdict.ts';
import { workersPanel } from './workers-panel.ts';

export interface PageModel {
  readonly start: PageStart;
  readonly view: PageView;
  readonly isLost: boolean;
  /** How much of the past the charts show. */
  readonly seconds: number;
  readonly onSeconds: (seconds: number) => void;
}

export function page({ start, view, isLost, seconds, onSeconds }: PageModel): TemplateResult {
  return html`
    <a class="skip" href="#jobs">Skip to the jobs</a>
    <header>
      <h1>NutriSage <span>on this machine</span></h1>
      ${modelLine(view)}
    </header>
    <main aria-busy=${isLost ? 'true' : 'false'}>
      ${stateLine(view, isLost)}
      <div class="columns">
        <aside aria-label="What is wrong">${alarmsPanel(view, start.runbook)}</aside>
        <div class="system">
          ${tiles(view)} ${chartsPanel(view, seconds, onSeconds)} ${jobsPanel(view)} ${workersPanel(view)}
          ${view.endpoint === null ? nothing : endpointPanel(view.endpoint)}
          <div class="pair">
            ${driftPanel(view)}
            <div>${agreementPanel(view)} ${rejectsPanel(view)} ${latencyPanel(view)}</div>
          </div>
        </div>
      </div>
    </main>
  `;
}

function stateLine(view: PageView, isLost: boolean): TemplateResult {
  const { level, headline } = verdictOf(view, isLost);
  const note = isLost
    ? html`What follows is of ${clockTime(view.at)}. Start the stack with <code>npm run local</code>.`
    : html`${view.faults[0] ?? view.flow.sentence}.`;
  return html`
    <section class="state" data-level=${level}>
      <p class="headline" role="status">${headline}</p>
      <p class="flow" data-flow=${view.flow.kind}>${note}</p>
    </section>
  `;
}

function modelLine({ model, at }: PageView): TemplateResult {
  if (model === null) return html`<p class="model">No model is promoted: <code>npm run model</code></p>`;
  const { version, promotedAt, accuracy, others } = model;
  const card = accuracy === null ? '' : `, accuracy ${percent(accuracy)}`;
  return html`<p class="model">
    Model <code>${version}</code>, in use for ${age(at - Date.parse(promotedAt))}${card}
    ${others === 0 ? nothing : html`<strong>(workers that use another: ${others})</strong>`}
  </p>`;
}
