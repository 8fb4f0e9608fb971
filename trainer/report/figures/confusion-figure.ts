/** True grades against predicted ones, with counts and shares of the true grade. */

import { EXACT, NAME_AXIS, PLAIN_LABEL } from '../../../core/figures/axes.ts';
import { type Drawing, type Figure, isNarrow } from '../../../core/figures/figure.ts';
import { count, percent, words } from '../../../core/report/format-figures.ts';
import { ACCENT, GRADE_LETTERS, INK, MUTED, PAPER } from '../../../core/report/palette.ts';
import type { ReportSlice } from '../../../schemas/report-data.ts';
import { rowsOf } from '../rows-of.ts';

/** From this share of its row on, a cell is dark enough for letters in the colour of the paper. */
const DARK_SHARE = 0.7;

export function confusionFigure(slice: ReportSlice): Figure {
  return {
    name: 'confusion_matrix',
    title: 'Which grades it confuses',
    basis: rowsOf(slice),
    description:
      `Confusion matrix of ${count(slice.rows)} rows (${words(slice.name)}): a row for each true grade, a column for each ` +
      `predicted one, with the count and its share of the true grade. ${percent(slice.accuracy)} lie on the diagonal, ` +
      `${percent(slice.withinOne)} on it or beside it.`,
    draw: (width) => draw(slice, width),
  };
}

function draw({ confusion }: ReportSlice, width: number): Drawing {
  const narrow = isNarrow(width);
  const grid = { ...EXACT, left: narrow ? 46 : 72, right: 8, top: 44, bottom: 4 };
  const cellHeight = narrow ? 50 : 54;
  const totals = confusion.map((row) => row.reduce((sum, rows) => sum + rows, 0));
  const axis = { ...NAME_AXIS, axisLine: { show: false }, splitArea: { show: false } };
  const label = { ...axis.axisLabel, fontSize: 14, fontWeight: 600 as const };
  return {
    height: grid.top + grid.bottom + cellHeight * GRADE_LETTERS.length,
    option: {
      grid,
      xAxis: {
        ...axis,
        position: 'top',
        data: [...GRADE_LETTERS],
        name: 'predicted grade',
        nameGap: 24,
        axisLabel: label,
      },
      yAxis: {
        ...axis,
        inverse: true,
        data: [...GRADE_LETTERS],
        name: 'true grade',
        nameGap: narrow ? 26 : 40,
        axisLabel: label,
      },
      // ECharts draws no heat map without one; the cells carry their own opacity.
      visualMap: { show: false, min: 0, max: 1, inRange: { color: [ACCENT, ACCENT] } },
      series: [
        {
          type: 'heatmap',
          data: confusion.flatMap((row, truth) =>
            row.map((rows, predicted) => cell(rows, totals[truth] ?? 0, truth, predicted, narrow)),
          ),
        },
      ],
    },
  };
}

function cell(rows: number, total: number, truth: number, predicted: number, narrow: boolean) {
  const share = total === 0 ? 0 : rows / total;
  const colour = share >= DARK_SHARE ? PAPER : INK;
  return {
    value: [predicted, truth, share],
    // Below linear, or a share of 3 % would be as white as none.
    itemStyle: {
      color: ACCENT,
      opacity: rows === 0 ? 0.03 : 0.06 + 0.86 * share ** 0.7,
      borderColor: PAPER,
      borderWidth: 2,
    },
    label: {
      ...PLAIN_LABEL,
      show: true,
      // Its own, or the letters would be as faint as their cell.
      opacity: 1,
      color: rows === 0 ? MUTED : colour,
      lineHeight: 17,
      rich: {
        count: { ...PLAIN_LABEL, color: colour, fontSize: narrow ? 13 : 15, fontWeight: 600, lineHeight: 19 },
      },
      formatter: () => (rows === 0 ? '0' : `{count|${count(rows)}}\n${percent(share)}`),
    },
  };
}
