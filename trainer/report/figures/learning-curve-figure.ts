/** Log loss after every round, on the rows trained on and on rows that were not. */

import { EXACT, LEGEND, VALUE_AXIS } from '../../../core/figures/axes.ts';
import { type Drawing, type Figure, isNarrow } from '../../../core/figures/figure.ts';
import { decimal } from '../../../core/report/format-figures.ts';
import { ACCENT, OTHERS } from '../../../core/report/palette.ts';
import type { LearningRound } from '../../../schemas/report-data.ts';

export function learningCurveFigure(rounds: readonly LearningRound[]): Figure {
  const best = bestRound(rounds);
  return {
    name: 'learning_curve',
    title: 'How it learned',
    basis: 'log loss, lower is better',
    description:
      `Log loss over ${rounds.at(-1)?.round ?? 0} rounds of boosting, on training and on validation rows. ` +
      `Validation was best after round ${best?.round ?? 0}, at ${decimal(best?.validation)}.`,
    draw: (width) => draw(rounds, best, width),
  };
}

export function bestRound(rounds: readonly LearningRound[]): LearningRound | undefined {
  return rounds.reduce<LearningRound | undefined>(
    (best, round) => (best === undefined || round.validation < best.validation ? round : best),
    undefined,
  );
}

function draw(rounds: readonly LearningRound[], best: LearningRound | undefined, width: number): Drawing {
  const narrow = isNarrow(width);
  const line = (
    name: 'training' | 'validation',
    color: string,
    type: 'solid' | 'dashed',
    data: number[][],
  ) => ({
    type: 'line' as const,
    name,
    symbol: 'none',
    color,
    lineStyle: { color, width: 2, type },
    data,
  });
  return {
    height: narrow ? 330 : 360,
    option: {
      legend: {
        ...LEGEND,
        itemWidth: 26,
        data: ['training', 'validation', ...(best === undefined ? [] : [bestWords(best)])],
      },
      grid: { ...EXACT, left: narrow ? 58 : 64, right: 24, top: narrow ? 70 : 34, bottom: 44 },
      xAxis: {
        ...VALUE_AXIS,
        min: 0,
        max: rounds.at(-1)?.round ?? 1,
        name: 'round',
        nameGap: 28,
        splitLine: { show: false },
      },
      yAxis: {
        ...VALUE_AXIS,
        min: 0,
        name: 'log loss',
        nameGap: narrow ? 40 : 46,
        axisLabel: { ...VALUE_AXIS.axisLabel, formatter: (loss: number) => decimal(loss, 2) },
      },
      series: [
        line(
          'training',
          OTHERS[0].colour,
          'dashed',
          rounds.map(({ round, train }) => [round, train]),
        ),
        line(
          'validation',
          ACCENT,
          'solid',
          rounds.map(({ round, validation }) => [round, validation]),
        ),
        ...(best === undefined ? [] : [bestMark(best)]),
      ],
    },
  };
}

function bestMark(best: LearningRound) {
  return {
    type: 'scatter' as const,
    // Said in the legend: words beside the mark would lie on a line or leave the drawing.
    name: bestWords(best),
    symbol: 'circle',
    symbolSize: 9,
    itemStyle: { color: ACCENT, opacity: 1 },
    data: [[best.round, best.validation]],
  };
}

function bestWords({ round, validation }: LearningRound): string {
  return `best: ${decimal(validation)} after round ${round}`;
}
