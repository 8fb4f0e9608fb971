/** The model's accuracy on every slice, and that of whatever it is compared with. */

import { EXACT, LEGEND, NAME_AXIS, shareAxis, VALUE_AXIS } from '../../../core/figures/axes.ts';
import { type Drawing, type Figure, isNarrow } from '../../../core/figures/figure.ts';
import { cleanText } from '../../../core/report/escape.ts';
import { percent, words } from '../../../core/report/format-figures.ts';
import { ACCENT, OTHERS } from '../../../core/report/palette.ts';
import type { ReportSlice } from '../../../schemas/report-data.ts';

const ROW_PIXELS = 34;
const MODEL = 'this model';
/** What grades worse is left to the table: room for it would press all others together. */
const DRAWN_FROM = 0.5;

export function slicesFigure(slices: readonly ReportSlice[]): Figure {
  const others = baselineNames(slices);
  const against =
    others.length === 0
      ? ''
      : ` Beside it: ${others.join(', ')}; where they reach less than ${percent(axis(slices, false).min, 0)}, the table says it.`;
  return {
    name: 'accuracy_by_slice',
    title: 'How often it is right, slice by slice',
    basis: 'rows not trained on',
    description: `Dots on a line for each of ${slices.length} slices: the share of rows on which the model gives the true grade.${against}`,
    draw: (width) => draw(slices, others, width),
  };
}

/** In the order in which they first occur. */
export function baselineNames(slices: readonly ReportSlice[]): string[] {
  return [...new Set(slices.flatMap(({ baselines }) => baselines.map(({ name }) => name)))];
}

function draw(slices: readonly ReportSlice[], others: readonly string[], width: number): Drawing {
  const narrow = isNarrow(width);
  const left = narrow ? 136 : 200;
  const shares = axis(slices, narrow);
  const legendRows = narrow ? others.length + 1 : Math.ceil((others.length + 1) / 4);
  const top = legendRows * 22 + 8;
  return {
    height: top + slices.length * ROW_PIXELS + 28,
    option: {
      legend: {
        ...LEGEND,
        itemGap: narrow ? 8 : LEGEND.itemGap,
        orient: narrow ? 'vertical' : 'horizontal',
        data: [MODEL, ...others],
        formatter: cleanText,
      },
      grid: { ...EXACT, left, right: 74, top, height: slices.length * ROW_PIXELS },
      xAxis: shares,
      yAxis: [
        {
          ...NAME_AXIS,
          inverse: true,
          data: slices.map(({ name }) => cleanText(words(name))),
          splitLine: { show: true, lineStyle: VALUE_AXIS.splitLine.lineStyle },
          axisLabel: {
            ...NAME_AXIS.axisLabel,
            interval: 0,
            width: left - 30,
            overflow: 'break',
            lineHeight: 15,
          },
        },
        {
          // The model's figures in a column: beside their dots they would lie on what is better.
          ...NAME_AXIS,
          inverse: true,
          position: 'right',
          data: slices.map(({ accuracy }) => percent(accuracy)),
          axisLine: { show: false },
          axisLabel: { ...NAME_AXIS.axisLabel, interval: 0, margin: 14, color: ACCENT, fontWeight: 600 },
        },
      ],
      series: [
        ...others.map((name, index) => baselineSeries(slices, name, index, shares.min, narrow)),
        modelSeries(slices, narrow),
      ],
    },
  };
}

function modelSeries(slices: readonly ReportSlice[], narrow: boolean) {
  return {
    type: 'scatter' as const,
    name: MODEL,
    symbol: 'circle',
    symbolSize: narrow ? 11 : 13,
    itemStyle: { color: ACCENT, opacity: 1 },
    data: slices.map(({ accuracy }, row) => [accuracy ?? Number.NaN, row]),
  };
}

function baselineSeries(
  slices: readonly ReportSlice[],
  name: string,
  index: number,
  from: number,
  narrow: boolean,
) {
  const { colour, symbol } = OTHERS[index % OTHERS.length] ?? OTHERS[0];
  return {
    type: 'scatter' as const,
    name,
    symbol,
    symbolSize: narrow ? 8 : 10,
    itemStyle: { color: colour, opacity: 1 },
    data: slices.map(({ baselines }, row) => {
      const share = baselines.find((baseline) => baseline.name === name)?.accuracy ?? Number.NaN;
      return [share >= from ? share : Number.NaN, row];
    }),
  };
}

/** Every dot of the model has its place; a baseline's from one half on. */
function axis(slices: readonly ReportSlice[], narrow: boolean) {
  const own = slices.map(({ accuracy }) => accuracy).filter((share) => share !== null);
  const others = slices
    .flatMap(({ baselines }) => baselines.map(({ accuracy }) => accuracy))
    .filter((share) => share !== null);
  return shareAxis(Math.min(...own, Math.max(DRAWN_FROM, Math.min(1, ...others))), narrow);
}
