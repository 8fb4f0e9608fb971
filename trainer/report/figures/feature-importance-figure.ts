/** What the model looks at: loss saved by splits beside mean absolute SHAP, stacked by grade. */

import { EXACT, LEGEND, NAME_AXIS, PLAIN_LABEL, panelTitle, VALUE_AXIS } from '../../../core/figures/axes.ts';
import { type Drawing, type Figure, isNarrow } from '../../../core/figures/figure.ts';
import { cleanText } from '../../../core/report/escape.ts';
import { count, decimal, percent } from '../../../core/report/format-figures.ts';
import { ACCENT, GRADE_COLOURS, GRADE_LETTERS, PAPER } from '../../../core/report/palette.ts';
import type { ReportData } from '../../../schemas/report-data.ts';
import { featureLabel, type RankedFeature, rankFeatures } from '../importance-order.ts';

const ROW_PIXELS = 22;
/** Room for the longest name of a feature, `energy unexplained`. */
const NAME_PIXELS = 128;
/** Room for the number behind the longest bar. */
const NUMBER_PIXELS = 52;
const HEAD_PIXELS = 30;
const LEGEND_PIXELS = 26;
const GAP_PIXELS = 28;

export function featureImportanceFigure({ importance }: ReportData): Figure {
  const features = rankFeatures(importance);
  const [first, second, third] = features.map(({ name }) => cleanText(featureLabel(name)));
  return {
    name: 'feature_importance',
    title: 'What the model looks at',
    basis: `SHAP over ${count(importance.rows)} products not trained on, gain over all splits`,
    description:
      `Bars for ${features.length} features, the most important first: ` +
      `${[first, second, third].filter((name) => name !== undefined).join(', ')}. One panel shows how far a feature ` +
      `moves the five grades (mean absolute SHAP over ${count(importance.rows)} products, stacked by grade), the other its share ` +
      'of the loss that all splits of the trees saved (gain).',
    draw: (width) => draw(features, width),
  };
}

function draw(features: readonly RankedFeature[], width: number): Drawing {
  const rows = features.length * ROW_PIXELS;
  const shap = { left: NAME_PIXELS, top: LEGEND_PIXELS + HEAD_PIXELS };
  // On a phone the gain comes below; beside, the names need not be said twice.
  const gain = isNarrow(width)
    ? { left: NAME_PIXELS, top: shap.top + rows + GAP_PIXELS + HEAD_PIXELS }
    : { left: Math.round(width * 0.63) + GAP_PIXELS, top: shap.top };
  const shapRight = isNarrow(width) ? NUMBER_PIXELS : width - gain.left + GAP_PIXELS + NUMBER_PIXELS;
  const names = features.map(({ name }) => cleanText(featureLabel(name)));
  const axis = (gridIndex: number, show: boolean) => ({
    ...NAME_AXIS,
    gridIndex,
    data: names,
    inverse: true,
    axisLabel: {
      ...NAME_AXIS.axisLabel,
      show,
      interval: 0,
      width: NAME_PIXELS - 12,
      overflow: 'truncate' as const,
    },
  });
  const hiddenAxis = (gridIndex: number) => ({
    ...VALUE_AXIS,
    gridIndex,
    show: false,
    splitLine: { show: false },
  });
  return {
    height: gain.top + rows + 8,
    option: {
      legend: { ...LEGEND, data: [...GRADE_LETTERS] },
      title: [
        panelTitle('Mean |SHAP| by grade', shap.left, shap.top - HEAD_PIXELS + 8),
        panelTitle('Share of gain', gain.left, gain.top - HEAD_PIXELS + 8),
      ],
      grid: [
        { ...EXACT, left: shap.left, right: shapRight, top: shap.top, height: rows },
        { ...EXACT, left: gain.left, right: NUMBER_PIXELS, top: gain.top, height: rows },
      ],
      xAxis: [hiddenAxis(0), hiddenAxis(1)],
      yAxis: [axis(0, true), axis(1, isNarrow(width))],
      series: [...shapSeries(features), gainSeries(features)],
    },
  };
}

function shapSeries(features: readonly RankedFeature[]) {
  const last = GRADE_LETTERS.length - 1;
  return GRADE_LETTERS.map((letter, grade) => ({
    type: 'bar' as const,
    name: letter,
    stack: 'shap',
    xAxisIndex: 0,
    yAxisIndex: 0,
    barWidth: 14,
    itemStyle: { color: GRADE_COLOURS[grade] ?? ACCENT, borderColor: PAPER, borderWidth: 0.5 },
    data: features.map(({ shap }) => shap[grade] ?? 0),
    label: {
      ...PLAIN_LABEL,
      show: grade === last,
      position: 'right' as const,
      formatter: ({ dataIndex }: { dataIndex: number }) => decimal(features[dataIndex]?.shapSum, 2),
    },
  }));
}

function gainSeries(features: readonly RankedFeature[]) {
  return {
    type: 'bar' as const,
    name: 'gain',
    xAxisIndex: 1,
    yAxisIndex: 1,
    barWidth: 14,
    itemStyle: { color: ACCENT },
    data: features.map(({ gain }) => gain),
    label: {
      ...PLAIN_LABEL,
      show: true,
      position: 'right' as const,
      formatter: ({ dataIndex }: { dataIndex: number }) => percent(features[dataIndex]?.gain),
    },
  };
}
