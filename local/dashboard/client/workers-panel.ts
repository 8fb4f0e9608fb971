/** Each worker process, and how it fares. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { PageView, WorkerView } from '../page-view.ts';
import { commandLine } from './command-line.ts';
import { compact, megabytes, shortTime } from './figure-text.ts';

export function workersPanel({ workers, model }: PageView): TemplateResult {
  return html`
    <section class="panel" id="workers" aria-labelledby="workers-title">
      <h2 id="workers-title">Workers</h2>
      ${
        workers.list.length === 0
          ? html`<p class="empty">No worker runs, so nothing is graded. ${commandLine('npm run local -- --workers 2')}</p>`
          : workerTable(workers.list, model?.version)
      }
    </section>
  `;
}

function workerTable(list: readonly WorkerView[], version: string | undefined): TemplateResult {
  return html`
    <table class="workers">
      <thead>
        <tr>
          <th scope="col">worker</th>
          <th scope="col">threads</th>
          <th scope="col">busy</th>
          <th scope="col">rows/s</th>
          <th scope="col"><abbr title="Longest delay of the event loop in the last half minute">delay</abbr></th>
          <th scope="col" class="wide">memory</th>
          <th scope="col" class="wide">process</th>
          <th scope="col" class="wide">model</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          list,
          ({ name }) => name,
          (worker) => workerRow(worker, version),
        )}
      </tbody>
    </table>
  `;
}

const STATES: Readonly<Record<WorkerView['state'], string>> = {
  ready: '',
  starting: 'starting',
  waiting: 'died; starts again',
  stopped: 'leaving',
  silent: 'does not answer',
};

function workerRow(worker: WorkerView, version: string | undefined): TemplateResult {
  const { name, state, threads, busyPercent, rowsPerSecond, delaySeconds, memoryBytes, pid, model } = worker;
  const busy = busyPercent === null ? 0 : Math.round(busyPercent);
  return html`
    <tr data-worker=${name} data-state=${state}>
      <th scope="row">${name}${state === 'ready' ? nothing : html` <span class="chip" data-state=${state}>${STATES[state]}</span>`}</th>
      <td>${threads ?? '–'}</td>
      <td class="busy"><span class="bar" aria-hidden="true"><span .style=${`width:${busy}%`}></span></span>${busyPercent === null ? '–' : `${busy} %`}</td>
      <td>${compact(rowsPerSecond)}</td>
      <td>${delaySeconds === null ? '–' : shortTime(delaySeconds)}</td>
      <td class="wide">${memoryBytes === null ? '–' : megabytes(memoryBytes)}</td>
      <td class="wide">${pid ?? '–'}</td>
      <td class="wide" data-other=${model !== null && model !== version ? 'true' : 'false'}><code>${model ?? '–'}</code></td>
    </tr>
  `;
}
