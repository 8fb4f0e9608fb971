/** `report.html`: one file that needs no network and no script. */

import { inlineSvg } from '../../core/figures/draw-svg.ts';
import type { Figure } from '../../core/figures/figure.ts';
import { escapeText } from '../../core/report/escape.ts';
import { words } from '../../core/report/format-figures.ts';
import { PAGE_STYLE } from '../../core/report/page-style.ts';
import type { ReportData, ReportSlice } from '../../schemas/report-data.ts';
import {
  baselinesTables,
  confusionTable,
  importanceTable,
  learningTable,
  parametersTable,
  reliabilityTable,
  slicesTable,
  studyTables,
} from './page-tables.ts';
import { type ReportFigures, reportFigures } from './report-figures.ts';
import { summarySentences, summaryTiles } from './summary.ts';

/** Widths in CSS pixels: of the page's column, and of a phone's, where each figure is laid out anew. */
const WIDE_PIXELS = 892;
const NARROW_PIXELS = 358;

export function reportPage(data: ReportData): string {
  const figures = reportFigures(data);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Model ${escapeText(data.version)}: report</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${header(data)}
${sections(data, figures).join('\n')}
</main>
</body>
</html>
`;
}

function header(data: ReportData): string {
  const tiles = summaryTiles(data)
    .map(({ label, value }) => `<div><dt>${escapeText(label)}</dt><dd>${escapeText(value)}</dd></div>`)
    .join('');
  const sentences = summarySentences(data)
    .map((sentence) => `<p>${escapeText(sentence)}</p>`)
    .join('\n');
  return `<header>
<h1>How well the model grades</h1>
<p class="muted">Model <code>${escapeText(data.version)}</code>, made ${escapeText(data.createdAt.slice(0, 10))}. All figures are of rows that it was not trained on.</p>
<dl class="tiles">${tiles}</dl>
${sentences}
</header>`;
}

function sections(data: ReportData, figures: ReportFigures): string[] {
  const { slices } = data;
  return [
    section(figures.slices, [
      fold('Figures by slice', slicesTable(slices), 'words'),
      fold('Against baselines', baselinesTables(slices)),
    ]),
    section(figures.confusion, [fold('Counts of every slice', eachSlice(slices, confusionTable))]),
    section(figures.reliability, [fold('Bins of every slice', eachSlice(slices, reliabilityTable))]),
    section(figures.importance, [fold('Every feature in figures', importanceTable(data), 'words')]),
    section(figures.learning, [fold('Round by round', learningTable(data))]),
    section(figures.study, [fold('Trial by trial', studyTables(data))]),
    `<section><h2>How it was made</h2>
${fold('Parameters', parametersTable(data))}
<pre><code>${escapeText(commandLines(data.command))}</code></pre></section>`,
  ];
}

/** An option a line, still one command: a long line would break inside of a name. */
function commandLines(command: string): string {
  return command.replaceAll(/ --(?=\w)/g, ' \\\n  --');
}

function section(figure: Figure | undefined, folds: readonly string[]): string {
  if (figure === undefined) return '';
  const { name, title, description } = figure;
  return `<section><h2>${escapeText(title)}</h2>
<figure>
<div class="wide">${inlineSvg(figure, WIDE_PIXELS, `${name}-wide`)}</div>
<div class="narrow">${inlineSvg(figure, NARROW_PIXELS, `${name}-narrow`)}</div>
<figcaption>${escapeText(description)}</figcaption>
</figure>
${folds.join('\n')}</section>`;
}

function fold(label: string, content: string, kind = ''): string {
  if (content === '') return '';
  const mark = kind === '' ? '' : ` class="${kind}"`;
  return `<details${mark}><summary>${escapeText(words(label))}</summary>\n${content}\n</details>`;
}

function eachSlice(slices: readonly ReportSlice[], render: (slice: ReportSlice) => string): string {
  return slices
    .filter(({ rows }) => rows > 0)
    .map(render)
    .join('\n');
}
