/** One chart on a canvas of uPlot. */
import uPlot from 'uplot';
import type { HistoryPoint } from '../page-view.ts';
import type { Chart, Line } from './chart-table.ts';
import { clockTime } from './figure-text.ts';

const HEIGHT = 132;
/** A little more than the tallest, so that no line touches the top. */
const HEADROOM = 1.08;
/** Between two times below a chart, in seconds. */
const TIME_STEPS = [60, 120, 300, 600];
const FONT = '12px system-ui, sans-serif';

export interface DrawnChart {
  show(points: readonly HistoryPoint[]): void;
  stop(): void;
}

function dataOf({ lines }: Chart, points: readonly HistoryPoint[]): uPlot.AlignedData {
  return [
    points.map(({ at }) => at / 1000),
    ...lines.map(({ column }) => points.map((point) => point[column])),
  ];
}

/**
 * Draws a chart in its element, as wide as that is, in the colours that hold now.
 * @param range first and last second of the time axis
 */
export function drawChart(chart: Chart, element: HTMLElement, range: () => [number, number]): DrawnChart {
  const { figure, least, lines } = chart;
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: colour('muted'), font: FONT, grid: { show: false }, ticks: { show: false } };
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'time' } },
    scales: {
      x: { time: true, range },
      y: { range: (_, __, most) => [0, Math.max(least, most ?? 0) * HEADROOM] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 60,
        incrs: TIME_STEPS,
        values: (_, splits) => splits.map(minuteText),
      },
      {
        ...axis,
        size: 46,
        space: 22,
        grid: { show: true, stroke: colour('line'), width: 1 },
        values: (_, splits) => splits.map(figure),
      },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, colour))],
    hooks: { setCursor: [(plot) => showHovered(plot, chart, element)] },
  };
  const plot = new uPlot(options, undefined, element);
  const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
  observer.observe(element);
  return {
    show: (points) => plot.setData(dataOf(chart, points)),
    stop() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

function minuteText(seconds: number): string {
  return clockTime(seconds * 1000).slice(0, 5);
}

function seriesOf(line: Line, colour: (name: string) => string): uPlot.Series {
  const stroke = colour(line.colour);
  const { stepped } = uPlot.paths;
  return {
    stroke,
    width: 2,
    points: { show: false },
    ...(line.isFilled === true ? { fill: `${stroke}26` } : {}),
    ...(line.isDashed === true ? { dash: [4, 4] } : {}),
    ...(line.isStepped === true && stepped !== undefined ? { paths: stepped({ align: 1 }) } : {}),
  };
}

/** Values under the pointer, in the caption. */
function showHovered(plot: uPlot, { lines, figure }: Chart, element: HTMLElement): void {
  const place = element.parentElement?.querySelector('[data-hovered]');
  if (!(place instanceof HTMLElement)) return;
  const { idx } = plot.cursor;
  const at = idx === null || idx === undefined ? undefined : plot.data[0][idx];
  place.hidden = at === undefined;
  if (at === undefined || idx === null || idx === undefined) return;
  const values = lines.map((_, line) => plot.data[line + 1]?.[idx]);
  const texts = values.map((value) => (value === null || value === undefined ? '–' : figure(value)));
  place.textContent = `${texts.join(' · ')} at ${clockTime(at * 1000)}`;
}
