/** The data card as a page for people: the same figures, each with its share. */

import type { DataCard, DroppedRows } from '../../schemas/data-card.ts';
import { GRADES } from '../../schemas/grade.ts';
import { count } from './progress.ts';

const REASONS: Readonly<Record<keyof DroppedRows, string>> = {
  unreadableLine: 'line does not fit the header',
  noCode: 'no code',
  wrongCountry: 'sold in another country',
  duplicateCode: 'another row of the same code is newer or fuller',
  noUsableNutrient: 'no usable nutrient',
  rejected: 'rejected by validation',
  notSampled: 'not in the sample',
};

export function dataCardPage(card: DataCard): string {
  const { rows } = card;
  const sections = [
    '# Data card',
    `${count(rows.kept)} products, kept of ${count(rows.read)} rows. Fingerprint \`${card.fingerprint}\`.`,
    `Contains data of ${card.attribution}.`,
    ...optionLines(card),
    '## Sources',
    table(
      ['source', 'shape', 'rows', 'kept', 'codes', 'rules of its grades', 'grades not used'],
      card.sources.map((source) => [
        source.name,
        source.shape,
        count(source.rows),
        count(source.kept),
        source.codes,
        source.gradeRules,
        count(source.gradesWithheld),
      ]),
    ),
    '## Rows left out',
    'Each row counts under the first reason that applies.',
    shares(rows.read, droppedEntries(rows.dropped)),
    ...rejectSection(card),
    '## Missing inputs',
    shares(rows.kept, Object.entries(card.missing)),
    '## Grades',
    gradeTable(card),
  ];
  return `${sections.join('\n\n')}\n`;
}

function optionLines({ options }: DataCard): string[] {
  const told = [
    options.country === null ? [] : [`country \`${options.country}\``],
    options.sample === null ? [] : [`a sample of ${count(options.sample)} with seed ${options.seed}`],
  ].flat();
  return told.length === 0 ? [] : [`Asked for: ${told.join(', ')}.`];
}

function droppedEntries(dropped: DroppedRows): [string, number][] {
  // Its keys are those of the schema.
  return (Object.keys(REASONS) as (keyof DroppedRows)[]).map((reason) => [REASONS[reason], dropped[reason]]);
}

function rejectSection({ rejectReasons, rows }: DataCard): string[] {
  const entries = Object.entries(rejectReasons);
  if (entries.length === 0) return [];
  return ['Rejected by validation, by code; a row may count under several:', shares(rows.read, entries)];
}

function gradeTable({ labels, rows }: DataCard): string {
  const sum = (grades: DataCard['labels']['rules']) =>
    GRADES.reduce((total, grade) => total + grades[grade], 0);
  const line = (name: string, grades: DataCard['labels']['rules']) => [
    name,
    ...GRADES.map((grade) => count(grades[grade])),
    count(sum(grades)),
    share(sum(grades), rows.kept),
  ];
  const plain = (name: string, total: number) => [
    name,
    ...GRADES.map(() => ''),
    count(total),
    share(total, rows.kept),
  ];
  return table(
    ['grade from', ...GRADES.map((grade) => grade.toUpperCase()), 'rows', 'share'],
    [
      line('the source, 2023 rules', labels.reported),
      line('the rules, inputs complete', labels.rules),
      plain('none: complete but for the category', labels.completeWithoutCategory),
      plain('none', labels.none),
    ],
  );
}

function shares(of: number, entries: readonly [string, number][]): string {
  return table(
    ['', 'rows', 'share'],
    entries.map(([name, rows]) => [name, count(rows), share(rows, of)]),
  );
}

function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}
