/** Whether the model is as often right as it says, and how many rows each point stands for. */

import {
  EXACT,
  FONT_PIXELS,
  PLAIN_LABEL,
  panelTitle,
  shareAxis,
  VALUE_AXIS,
} from '../../../core/figures/axes.ts';
import { type Drawing, type Figure, isNarrow } from '../../../core/figures/figure.ts';
import { count, percent, words } from '../../../core/report/format-figures.ts';
import { ACCENT, MUTED } from '../../../core/report/palette.ts';
import type { ReportSlice } from '../../../schemas/report-data.ts';
import { rowsOf } from '../rows-of.ts';

const HEAD_PIXELS = 26;
const COUNT_PIXELS = 90;
/** Chance moves a share of fewer rows by a tenth (one standard error at one half): a faint dot off the line. */
const STEADY_ROWS = 30;

export function reliabilityFigure(slice: ReportSlice): Figure {
  return {
    name: 'reliability',
    title: 'Whether its probabilities can be taken at their word',
    basis: rowsOf(slice),
    description:
      `Reliability diagram of ${count(slice.rows)} rows (${words(slice.name)}) in ${slice.reliability.length} bins of confidence: ` +
      'on the dashed line the model is exactly as often right as it says, above it more often. ' +
      `Expected calibration error: ${percent(slice.ece, 2)}. Faint dots stand for fewer than ${STEADY_ROWS} rows. Below, the number of rows in each bin.`,
    draw: (width) => draw(slice, width),
  };
}

function draw({ reliability, ece }: ReportSlice, width: number): Drawing {
  const left = isNarrow(width) ? 60 : 78;
  const plotHeight = isNarrow(width) ? 260 : 340;
  const countTop = HEAD_PIXELS + plotHeight + 52;
  const sure = shareAxis(Math.min(...reliability.map(({ confidence }) => confidence)), isNarrow(width));
  const right = shareAxis(
    Math.min(sure.min, ...reliability.map(({ accuracy }) => accuracy)),
    isNarrow(width),
  );
  const most = Math.max(...reliability.map(({ count: rows }) => rows));
  return {
    height: countTop + COUNT_PIXELS + 46,
    option: {
      title: [
        panelTitle(`Expected calibration error ${percent(ece, 2)}`, left, 2),
        panelTitle('Rows in each bin', left, countTop - HEAD_PIXELS + 2),
      ],
      grid: [
        { ...EXACT, left, right: 24, top: HEAD_PIXELS, height: plotHeight },
        { ...EXACT, left, right: 24, top: countTop + 14, height: COUNT_PIXELS - 14 },
      ],
      xAxis: [
        { ...sure, gridIndex: 0, axisLabel: { show: false } },
        {
          ...sure,
          gridIndex: 1,
          name: 'how sure it is',
          nameGap: 26,
          splitLine: { show: false },
          containShape: false,
        },
      ],
      yAxis: [
        { ...right, gridIndex: 0, name: 'how often it is right', nameGap: left - 18 },
        { ...VALUE_AXIS, gridIndex: 1, show: false },
      ],
      series: [
        diagonal(sure.min),
        {
          type: 'line',
          data: reliability
            .filter(({ count: rows }) => rows >= STEADY_ROWS)
            .map(({ confidence, accuracy }) => [confidence, accuracy]),
          symbol: 'none',
          lineStyle: { color: ACCENT, width: 2 },
        },
        {
          type: 'scatter',
          symbol: 'circle',
          // By area: a bin of few rows is a small dot, since chance moves it far.
          symbolSize: (_: unknown, { dataIndex }) =>
            5 + 9 * Math.sqrt((reliability[dataIndex]?.count ?? 0) / most),
          data: reliability.map(({ confidence, accuracy, count: rows }) => ({
            value: [confidence, accuracy],
            itemStyle: { color: ACCENT, opacity: rows >= STEADY_ROWS ? 1 : 0.4 },
          })),
        },
        {
          type: 'bar',
          xAxisIndex: 1,
          yAxisIndex: 1,
          barWidth: isNarrow(width) ? 12 : 22,
          itemStyle: { color: ACCENT, opacity: 0.75 },
          data: reliability.map(({ confidence, count: rows }) => [confidence, rows]),
          label: {
            ...PLAIN_LABEL,
            show: true,
            position: 'top',
            fontSize: FONT_PIXELS,
            formatter: ({ dataIndex }) => count(reliability[dataIndex]?.count ?? 0),
          },
          labelLayout: { hideOverlap: true },
        },
      ],
    },
  };
}

function diagonal(from: number) {
  return {
    type: 'line' as const,
    data: [
      [from, from],
      [1, 1],
    ],
    symbol: 'none',
    lineStyle: { color: MUTED, width: 1.5, type: 'dashed' as const },
  };
}
