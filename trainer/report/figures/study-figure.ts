/** The course of a tuning study: every trial as a dot, the best so far as steps, one colour a sampler. */

import { EXACT, LEGEND, VALUE_AXIS } from '../../../core/figures/axes.ts';
import { type Drawing, type Figure, isNarrow } from '../../../core/figures/figure.ts';
import { cleanText } from '../../../core/report/escape.ts';
import { decimal } from '../../../core/report/format-figures.ts';
import { ACCENT, OTHERS } from '../../../core/report/palette.ts';
import type { ReportData, StudyCourse } from '../../../schemas/report-data.ts';

export function studyFigure({ objective, courses }: NonNullable<ReportData['study']>): Figure {
  const ends = courses.map(
    ({ sampler, trials }) => `${sampler} ${decimal(trials.at(-1)?.best)} after ${trials.length}`,
  );
  return {
    name: 'study',
    title: 'How its parameters were found',
    basis: `${objective}, lower is better`,
    description: `Trials of the search and the best so far, by sampler (${objective}; lower is better). At the end: ${ends.join('; ')}.`,
    draw: (width) => draw(courses, objective, width),
  };
}

const styleOf = (index: number) =>
  index === 0
    ? { color: ACCENT, symbol: 'circle', type: 'solid' as const }
    : {
        color: (OTHERS[(index - 1) % OTHERS.length] ?? OTHERS[0]).colour,
        symbol: (OTHERS[(index - 1) % OTHERS.length] ?? OTHERS[0]).symbol,
        type: 'dashed' as const,
      };

function draw(courses: readonly StudyCourse[], objective: string, width: number): Drawing {
  const narrow = isNarrow(width);
  return {
    height: narrow ? 300 : 360,
    option: {
      legend: {
        ...LEGEND,
        data: courses.map(({ sampler }) => sampler),
        formatter: (name) => `${cleanText(name)}: best so far`,
      },
      grid: { ...EXACT, left: narrow ? 58 : 64, right: 24, top: 34, bottom: 44 },
      xAxis: {
        ...VALUE_AXIS,
        min: 1,
        max: Math.max(2, ...courses.map(({ trials }) => trials.length)),
        minInterval: 1,
        name: 'trial',
        nameGap: 28,
        splitLine: { show: false },
      },
      yAxis: {
        ...VALUE_AXIS,
        scale: true,
        name: cleanText(objective),
        nameGap: narrow ? 40 : 46,
        max: axisEnd(courses),
        // The end is no round number, and its label would press on the one below.
        axisLabel: {
          ...VALUE_AXIS.axisLabel,
          showMaxLabel: false,
          formatter: (loss: number) => decimal(loss, 2),
        },
      },
      series: courses.flatMap((course, index) => seriesOf(course, styleOf(index))),
    },
  };
}

/** Where the worst tenth of the trials begins: a few failures would press all the rest onto one line. */
function axisEnd(courses: readonly StudyCourse[]): number {
  const losses = courses
    .flatMap(({ trials }) => trials.map(({ loss }) => loss))
    .filter((loss) => loss !== null)
    .sort((left, right) => left - right);
  return losses[Math.ceil(losses.length * 0.9) - 1] ?? 1;
}

function seriesOf({ sampler, trials }: StudyCourse, { color, symbol, type }: ReturnType<typeof styleOf>) {
  return [
    {
      type: 'scatter' as const,
      symbol,
      symbolSize: 6,
      itemStyle: { color, opacity: 0.45 },
      data: trials.map(({ trial, loss }) => [trial, loss ?? Number.NaN]),
    },
    {
      type: 'line' as const,
      name: sampler,
      step: 'end' as const,
      symbol: 'none',
      color,
      lineStyle: { color, width: 2.5, type },
      data: trials.map(({ trial, best }) => [trial, best ?? Number.NaN]),
    },
  ];
}
