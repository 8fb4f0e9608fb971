/** Rate and latency over the time of a load test, one below the other. */
import { EXACT, LEGEND, panelTitle, VALUE_AXIS } from '../../core/figures/axes.ts';
import type { Drawing, Figure } from '../../core/figures/figure.ts';
import { ACCENT, COLOURS, OTHERS } from '../../core/report/palette.ts';
import type { LoadReport } from '../load/load-report.ts';
import type { LoadSlice } from '../load/load-tally.ts';
import { formatCount } from './render-format.ts';

const PANEL_PIXELS = 190;
const TOPS = [64, 334] as const;
const ROSE = COLOURS.rose.light;

export function loadFigure(report: LoadReport): Figure {
  const { total, slices, endpoint } = report;
  const { latencyMs } = total;
  const tail =
    latencyMs === undefined
      ? ''
      : ` Half were answered within ${latencyMs.p50} ms, 99 of 100 within ${latencyMs.p99} ms.`;
  return {
    name: 'load',
    title: 'Rate and latency over time',
    basis: `${formatCount(total.requests)} requests to ${endpoint}, ${report.startedAt}`,
    description:
      `Requests a second that were asked for and answered, and below it their latency, over ${slices.length} parts of the test. ` +
      `${formatCount(total.ok)} of ${formatCount(total.requests)} were answered with a grade, ${formatCount(total.shed)} were shed.${tail}`,
    draw: (width) => draw(slices, width),
  };
}

function draw(slices: readonly LoadSlice[], width: number): Drawing {
  const seconds = (slices.at(-1)?.second ?? 0) + (slices[1]?.second ?? 1);
  const points = (value: (slice: LoadSlice) => number | undefined): (number | null)[][] =>
    slices.map((slice) => [slice.second, value(slice) ?? null]) as (number | null)[][];
  const line = (
    panel: 0 | 1,
    name: string,
    color: string,
    type: 'solid' | 'dashed',
    value: (slice: LoadSlice) => number | undefined,
  ) => ({
    type: 'line' as const,
    name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    symbol: 'none',
    color,
    ...(panel === 0 ? { step: 'end' as const } : {}),
    lineStyle: { color, width: 2, type },
    data: points(value) as [number, number][],
  });
  const grid = (top: number) => ({ ...EXACT, left: 64, right: 24, top, height: PANEL_PIXELS });
  const timeAxis = (gridIndex: number, name: string) => ({
    ...VALUE_AXIS,
    gridIndex,
    min: 0,
    max: seconds,
    name,
    nameGap: 28,
    splitLine: { show: false },
  });
  return {
    height: 580,
    option: {
      title: [
        panelTitle('Requests a second', 0, 34),
        panelTitle('Milliseconds from when a request was due', 0, 304),
      ],
      legend: { ...LEGEND, itemWidth: 26, itemGap: width < 560 ? 14 : LEGEND.itemGap },
      grid: [grid(TOPS[0]), grid(TOPS[1])],
      xAxis: [timeAxis(0, ''), timeAxis(1, 'seconds')],
      yAxis: [
        { ...VALUE_AXIS, gridIndex: 0, min: 0 },
        { ...VALUE_AXIS, gridIndex: 1, min: 0 },
      ],
      series: [
        line(0, 'asked for', OTHERS[0].colour, 'dashed', ({ sentPerSecond }) => sentPerSecond),
        line(0, 'answered with a grade', ACCENT, 'solid', ({ okPerSecond }) => okPerSecond),
        line(1, 'half within', OTHERS[1].colour, 'solid', ({ p50 }) => p50),
        line(1, '99 of 100 within', ROSE, 'solid', ({ p99 }) => p99),
      ],
    },
  };
}
