/** Every alarm with its rule, its state and what the runbook says of it; raised ones first. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { AlarmView, PageStart, PageView } from '../page-view.ts';
import type { RunbookSection, RunbookSpan } from '../runbook.ts';
import { age, clockTime } from './figure-text.ts';
import { letters } from './letters.ts';

type Runbook = PageStart['runbook'];

/** Beside the rest there is room for the whole list, on a phone it would push the rest away. As in style.css. */
const HAS_ROOM = window.matchMedia('(min-width: 1081px)').matches;

export function alarmsPanel({ alarms, at, queue }: PageView, runbook: Runbook): TemplateResult {
  const raised = alarms.filter(({ state }) => state === 'alarm');
  const quiet = alarms.filter(({ state }) => state === 'ok');
  const names = new Map(alarms.map(({ heading, name }) => [heading, name]));
  return html`
    <section class="panel" id="alarms" aria-labelledby="alarms-title">
      <h2 id="alarms-title">Alarms <span class="count">${raised.length === 0 ? 'none raised' : `${raised.length} raised`}</span></h2>
      <ul class="raised">
        ${repeat(
          raised,
          ({ name }) => name,
          (alarm) =>
            raisedAlarm(alarm, at, particulars(alarm, queue), runbookText(runbook[alarm.heading], names)),
        )}
      </ul>
      <details class="quiet" ?open=${HAS_ROOM}>
        <summary>${quiet.length} watched, all quiet</summary>
        <ul>
          ${repeat(
            quiet,
            ({ name }) => name,
            (alarm) => quietAlarm(alarm, runbook[alarm.heading], names),
          )}
        </ul>
      </details>
    </section>
  `;
}

function raisedAlarm(
  alarm: AlarmView,
  now: number,
  more: TemplateResult | typeof nothing,
  whatToDo: TemplateResult | typeof nothing,
): TemplateResult {
  const { name, heading, severity, sentence, since, clearsAt, rule, value } = alarm;
  const outlook = clearsAt === null ? '' : `; over, clears in ${age(clearsAt - now)}`;
  return html`
    <li class="alarm" id=${name} data-alarm=${name} data-state="alarm" data-severity=${severity}>
      <h3>${heading}</h3>
      <p class="when">
        <span class="severity">${severity}</span>
        <span>raised ${clockTime(since)}, ${age(now - since)} ago${outlook}</span>
      </p>
      <p>${sentence}</p>
      <p class="rule">${rule}: now <strong>${value}</strong></p>
      ${more}
      <details>
        <summary>What to do</summary>
        ${whatToDo}
      </details>
    </li>
  `;
}

/** What the page knows beyond the alarm itself. */
function particulars({ name }: AlarmView, queue: PageView['queue']): TemplateResult | typeof nothing {
  return name === 'DeadLetters' ? letters(queue) : nothing;
}

function quietAlarm(
  { name, heading, severity, rule, value }: AlarmView,
  section: RunbookSection | undefined,
  names: ReadonlyMap<string, string>,
): TemplateResult {
  return html`
    <li class="alarm" id=${name} data-alarm=${name} data-state="ok">
      <details>
        <summary>${heading}</summary>
        <p class="rule"><span class="severity">${severity}</span> ${rule}: now <strong>${value}</strong></p>
        ${runbookText(section, names)}
      </details>
    </li>
  `;
}

/** Of docs/runbook.md, in place. */
function runbookText(
  section: RunbookSection | undefined,
  names: ReadonlyMap<string, string>,
): TemplateResult | typeof nothing {
  if (section === undefined) return nothing;
  return html`
    <dl class="runbook">
      ${section.parts.map(
        ({ label, spans }) => html`<dt>${label}</dt><dd>${spans.map((span) => spanText(span, names))}</dd>`,
      )}
    </dl>
  `;
}

function spanText(span: RunbookSpan, names: ReadonlyMap<string, string>): TemplateResult | string {
  switch (span.kind) {
    case 'code':
      return html`<code>${span.text}</code>`;
    case 'strong':
      return html`<strong>${span.text}</strong>`;
    case 'emphasis':
      return html`<em>${span.text}</em>`;
    case 'section': {
      const name = names.get(span.heading);
      return name === undefined ? span.text : html`<a href=${`#${name}`}>${span.text}</a>`;
    }
    case 'text':
      return span.text;
    default:
      return span satisfies never;
  }
}
