/** The figures that are looked at first. */
import { html, type TemplateResult } from 'lit-html';
import { count, percent } from '../../../core/report/format-figures.ts';
import type { PageView } from '../page-view.ts';
import { age, compact } from './figure-text.ts';

interface Tile {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly level?: 'notice' | 'ticket' | undefined;
}

export function tiles(view: PageView): TemplateResult {
  const all = [
    rowsTile(view),
    backlogTile(view),
    workersTile(view),
    lettersTile(view),
    rejectsTile(view),
    agreementTile(view),
  ];
  return html`
    <dl class="tiles" aria-label="Now">
      ${all.map(
        ({ id, label, value, note, level = '' }) => html`
          <div id=${`tile-${id}`} data-level=${level}>
            <dt>${label}</dt>
            <dd><span class="value">${value}</span><span class="note">${note}</span></dd>
          </div>
        `,
      )}
    </dl>
  `;
}

function rowsTile({ rates }: PageView): Tile {
  return {
    id: 'rows',
    label: 'Rows a second',
    value: compact(rates.rows),
    note: `${compact(rates.shards)} shards a second`,
  };
}

function backlogTile({ queue, flow }: PageView): Tile {
  const tile = { id: 'backlog', label: 'Backlog' };
  if (queue === null) return { ...tile, value: '–', note: 'can not be read', level: 'ticket' };
  const { waiting, inFlight, oldestSeconds } = queue;
  const oldest = oldestSeconds === null ? 'empty' : `oldest ${age(oldestSeconds * 1000)}`;
  return {
    ...tile,
    value: compact(waiting + inFlight),
    note: `${compact(inFlight)} in flight, ${oldest}`,
    level: flow.kind === 'stalled' ? 'ticket' : undefined,
  };
}

function workersTile({ workers }: PageView): Tile {
  const { ready, desired, list } = workers;
  const busy = list.flatMap(({ busyPercent }) => busyPercent ?? []);
  const mean = busy.reduce((sum, one) => sum + one, 0) / busy.length;
  const busyNote = busy.length === 0 ? 'none answers' : `threads ${Math.round(mean)} % busy`;
  const wanted = desired?.desired ?? list.length;
  return {
    id: 'workers',
    label: 'Workers',
    value: `${count(ready)} of ${count(wanted)}`,
    note: desired === null ? busyNote : `${busyNote}, ${desired.least} to ${desired.most}`,
    level: ready < list.length ? 'notice' : undefined,
  };
}

function lettersTile({ queue }: PageView): Tile {
  const dead = queue?.dead ?? 0;
  return {
    id: 'letters',
    label: 'Given up',
    value: queue === null ? '–' : compact(dead),
    note: dead === 0 ? 'dead-letter queue empty' : 'in the dead-letter queue',
    level: dead > 0 ? 'ticket' : undefined,
  };
}

function rejectsTile({ rejects }: PageView): Tile {
  const { rows, rejected } = rejects;
  return {
    id: 'rejects',
    label: 'Rejected',
    value: rows === 0 ? '–' : percent(rejected / rows),
    note: `${compact(rejected)} of ${compact(rows)} rows`,
  };
}

function agreementTile({ agreement: [newest], model }: PageView): Tile {
  const tile = { id: 'agreement', label: 'Agreement' };
  const card = model === null || model.accuracy === null ? '' : `card ${percent(model.accuracy)}`;
  if (newest === undefined) return { ...tile, value: '–', note: card || 'no job yet' };
  const { agreement, expected, verdict } = newest;
  return {
    ...tile,
    value: percent(agreement),
    note: `model and rules, card ${percent(expected)}`,
    level: verdict === 'low' ? 'ticket' : undefined,
  };
}
