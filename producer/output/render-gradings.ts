/** One product's grades as text. */

import { formatTime } from '../../core/report/format-times.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { GradeItem } from '../../schemas/grades-dataset.ts';
import type { Paint } from './paint.ts';
import { renderBar } from './render-bar-chart.ts';
import { formatShare, indent, pad, renderTable } from './render-format.ts';

const BAR_COLUMNS = 30;

/** The latest grading in full, earlier ones (newest first) as a table. */
export function renderGradings(latest: GradeItem, earlier: readonly GradeItem[], paint: Paint): string {
  const sections = [renderLatest(latest, paint)];
  if (earlier.length > 0) sections.push(`Earlier\n${indent(historyTable(earlier))}`);
  return sections.join('\n\n');
}

function renderLatest(item: GradeItem, paint: Paint): string {
  const letter = item.grade.toUpperCase();
  const warnings = item.warnings ?? [];
  return [
    `${item.code} is graded ${paint(letter, letter)}, by ${sourceText(item)}.`,
    `  official   ${officialText(item)}`,
    `  model      ${item.modelGrade.toUpperCase()}`,
    indent(indent(probabilityBars(item, paint))),
    ...(warnings.length === 0 ? [] : [`  warnings   ${warnings.join(', ')}`]),
    `  graded for the submission of ${formatTime(item.gradedFor)}, job ${item.job}, row ${item.rowNumber}, model ${item.modelVersion}`,
  ].join('\n');
}

function sourceText({ source }: GradeItem): string {
  return source === 'official'
    ? 'the published rules'
    : 'the model: the inputs of the published rules are not all there';
}

function officialText({ officialGrade, officialScore, officialStatus }: GradeItem): string {
  if (officialGrade === undefined) return 'none';
  const score = officialScore === undefined ? '' : `, score ${officialScore}`;
  return `${officialGrade.toUpperCase()}${score}${officialStatus === 'provisional' ? ', provisional' : ''}`;
}

function probabilityBars({ probabilities }: GradeItem, paint: Paint): string {
  return GRADES.map((grade, index) => {
    const probability = probabilities[index] ?? 0;
    const bar = renderBar(probability, BAR_COLUMNS);
    const letter = grade.toUpperCase();
    return `${letter}  ${paint(letter, bar)}${' '.repeat(BAR_COLUMNS - [...bar].length)} ${pad(formatShare(probability), 8, 'right')}`;
  }).join('\n');
}

function historyTable(items: readonly GradeItem[]): string {
  const columns = [
    { title: 'submitted' },
    { title: 'grade' },
    { title: 'by' },
    { title: 'official' },
    { title: 'model' },
    { title: 'job' },
  ];
  const rows = items.map((item) => [
    formatTime(item.gradedFor),
    item.grade.toUpperCase(),
    item.source,
    item.officialGrade?.toUpperCase() ?? '',
    item.modelGrade.toUpperCase(),
    item.job,
  ]);
  return renderTable(columns, rows);
}
