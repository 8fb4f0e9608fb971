/** The page's program: takes events from the stack and draws what they say. */
import { render } from 'lit-html';
import type { PageStart, PageView } from '../page-view.ts';
import { createCharts } from './charts.ts';
import { page } from './page.ts';
import { openTarget } from './targets.ts';
import { titleOf } from './verdict.ts';

/** Until then a lost connection may be a stack that is being started again. */
const LOST_MS = 3000;

const root = document.querySelector('#page');
if (!(root instanceof HTMLElement)) throw new Error('The page has no place to draw in.');
const place = root;

let start: PageStart | undefined;
let view: PageView | undefined;
let isLost = false;
let lossTimer: ReturnType<typeof setTimeout> | undefined;
const charts = createCharts();

function draw(): void {
  if (start === undefined || view === undefined) return;
  render(page({ start, view, isLost, seconds: charts.seconds, onSeconds: showSeconds }), place);
  document.title = titleOf(view, isLost);
  charts.draw();
}

function showSeconds(seconds: number): void {
  charts.show(seconds);
  draw();
}

const events = new EventSource('/events');
events.addEventListener('start', (event: MessageEvent<string>) => {
  const next: PageStart = JSON.parse(event.data);
  // Another stack may serve another page.
  if (start !== undefined && start.startedAt !== next.startedAt) location.reload();
  start = next;
  charts.begin(next.history);
});
events.addEventListener('view', (event: MessageEvent<string>) => {
  clearTimeout(lossTimer);
  lossTimer = undefined;
  isLost = false;
  const isFirst = view === undefined;
  const next: PageView = JSON.parse(event.data);
  charts.add(next.point);
  view = next;
  draw();
  if (isFirst) openTarget();
});
events.addEventListener('error', () => {
  lossTimer ??= setTimeout(() => {
    isLost = true;
    draw();
  }, LOST_MS);
});
window.addEventListener('hashchange', openTarget);
