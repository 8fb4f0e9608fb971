/** The charts over time: the course of things, grown by each view, drawn wherever the page has room for it. */
import type { HistoryPoint } from '../page-view.ts';
import { CHARTS } from './chart-table.ts';
import { type DrawnChart, drawChart } from './draw-chart.ts';

/** As long as the stack keeps. */
const HISTORY_SECONDS = 1800;

export interface Charts {
  /** How much of the past they show. */
  readonly seconds: number;
  /** Forgets what was, and takes this. */
  begin(history: readonly HistoryPoint[]): void;
  add(point: HistoryPoint): void;
  show(seconds: number): void;
  /** In whatever of their elements the page has. */
  draw(): void;
}

export function createCharts(): Charts {
  let history: HistoryPoint[] = [];
  let seconds = 300;
  const drawn = new Map<string, DrawnChart>();

  const forget = (id: string): void => {
    drawn.get(id)?.stop();
    drawn.delete(id);
  };
  const course = (): readonly HistoryPoint[] => {
    const from = (history.at(-1)?.at ?? 0) - seconds * 1000;
    // The one before keeps the line from beginning in the middle.
    const first = history.findLastIndex(({ at }) => at < from);
    return history.slice(Math.max(0, first));
  };
  const range = (): [number, number] => {
    const end = (history.at(-1)?.at ?? 0) / 1000;
    return [end - seconds, end];
  };
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const id of [...drawn.keys()]) forget(id);
    draw();
  });

  function draw(): void {
    for (const [id, chart] of Object.entries(CHARTS)) {
      const element = document.getElementById(id);
      if (element === null) {
        forget(id);
        continue;
      }
      const known = drawn.get(id) ?? drawChart(chart, element, range);
      drawn.set(id, known);
      known.show(course());
    }
  }

  return {
    get seconds() {
      return seconds;
    },
    begin(next) {
      history = [...next];
    },
    add(point) {
      const oldest = point.at - HISTORY_SECONDS * 1000;
      history = [...history.filter(({ at }) => at > oldest && at < point.at), point];
    },
    show(next) {
      seconds = next;
    },
    draw,
  };
}
