/** A grade as text: with the points of the rules, what the model says, and why. */
import { GRADES } from '../../schemas/grade.ts';
import type {
  Contribution,
  GradedItem,
  ItemOutcome,
  OfficialGrade,
  RejectedItem,
} from '../endpoint/client.generated.ts';
import type { Paint } from './paint.ts';
import { renderBar } from './render-bar-chart.ts';
import { formatCount, formatShare, indent, pad, renderTable } from './render-format.ts';

const BAR_COLUMNS = 30;
const REASONS_MAX = 8;

const POINTS = [
  ['energy', 'energy'],
  ['sugars', 'sugars'],
  ['saturatedFat', 'saturated fat'],
  ['salt', 'salt'],
  ['sweeteners', 'sweeteners'],
  ['fruitShare', 'fruit, vegetables, legumes'],
  ['fibre', 'fibre'],
  ['proteins', 'proteins'],
] as const satisfies readonly (readonly [keyof OfficialGrade['points'], string])[];
/** Points of these are subtracted. */
const FAVOURABLE: ReadonlySet<string> = new Set(['fruitShare', 'fibre', 'proteins']);

export function renderGrade(answer: GradedItem | RejectedItem, paint: Paint): string {
  return answer.outcome === 'graded' ? renderGraded(answer, paint) : renderRejected(answer);
}

function renderGraded(item: GradedItem, paint: Paint): string {
  const { grade, official, contributions, warnings, modelVersion } = item;
  const letter = grade.toUpperCase();
  return [
    `${nameOf(item)} is graded ${paint(letter, letter)}, by ${sourceText(item)}.`,
    ...(official === null ? [] : [`Points\n${indent(pointsText(official))}`]),
    `The model says ${item.model.grade.toUpperCase()}\n${indent(probabilityBars(item, paint))}`,
    ...(contributions === undefined
      ? []
      : [`Why the model says so\n${indent(reasonsText(contributions, paint))}`]),
    [
      ...(warnings.length === 0 ? [] : [`warnings   ${warnings.join(', ')}`]),
      `model      ${modelVersion}`,
    ].join('\n'),
  ].join('\n\n');
}

function nameOf({ code }: { readonly code?: string }): string {
  return code === undefined ? 'The item' : code;
}

function sourceText({ source, official }: GradedItem): string {
  if (source === 'official') return `the published rules, with a score of ${official?.score}`;
  if (official === null) return 'the model: the inputs of the published rules are not all there';
  return `the model: the rules give ${official.grade.toUpperCase()} so far, which what is not given could change`;
}

function pointsText({ points, score, proteinCounted, proteinReason }: OfficialGrade): string {
  const rows = POINTS.map(([name, words]) => {
    const sign = FAVOURABLE.has(name) && points[name] > 0 ? '-' : '';
    const isOff = name === 'proteins' && !proteinCounted && points[name] > 0;
    return `${pad(words, 28, 'left')}${pad(`${sign}${points[name]}`, 3, 'right')}${isOff ? '  not counted' : ''}`;
  });
  return [...rows, `${pad('score', 28, 'left')}${pad(String(score), 3, 'right')}`, proteinReason].join('\n');
}

function probabilityBars({ model }: GradedItem, paint: Paint): string {
  return GRADES.map((grade) => {
    const share = model.probabilities[grade];
    const bar = renderBar(share, BAR_COLUMNS);
    const letter = grade.toUpperCase();
    return `${letter}  ${paint(letter, bar)}${' '.repeat(BAR_COLUMNS - [...bar].length)} ${pad(formatShare(share), 8, 'right')}`;
  }).join('\n');
}

function reasonsText(contributions: readonly Contribution[], paint: Paint): string {
  return contributions
    .slice(0, REASONS_MAX)
    .map(({ text, share, toward }) => {
      const letter = toward.toUpperCase();
      return `${pad(formatShare(share), 7, 'right')}  ${text.slice(0, -1)}${paint(letter, letter)}`;
    })
    .join('\n');
}

function renderRejected({ code, reasons, values }: RejectedItem): string {
  const given = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  return [
    `${nameOf(code === undefined ? {} : { code })} must not be graded.`,
    indent(reasons.map((reason) => `${reason.code}: ${reason.detail}`).join('\n')),
    ...(given.length === 0 ? [] : [indent(`given: ${given.join(', ')}`)]),
  ].join('\n');
}

/** One line an item. */
export function renderOutcomes(outcomes: readonly ItemOutcome[], paint: Paint): string {
  const columns = [
    { title: '#', align: 'right' },
    { title: 'code' },
    { title: 'grade' },
    { title: 'by' },
    { title: 'official' },
    { title: 'model' },
    { title: 'to know' },
  ] as const;
  const rows = outcomes.map((outcome, index) => [String(index + 1), ...cellsOf(outcome)]);
  const table = renderTable(columns, rows);
  const graded = outcomes.filter(({ outcome }) => outcome === 'graded').length;
  return `${paintGrades(table, paint)}\n\n${formatCount(graded)} of ${formatCount(outcomes.length)} are graded.`;
}

function cellsOf(outcome: ItemOutcome): readonly string[] {
  switch (outcome.outcome) {
    case 'graded': {
      const { code = '', grade, source, official, model, warnings } = outcome;
      const rules =
        official === null ? '' : `${official.grade.toUpperCase()}${official.status === 'final' ? '' : '?'}`;
      return [code, grade.toUpperCase(), source, rules, model.grade.toUpperCase(), warnings.join(', ')];
    }
    case 'rejected':
      return [outcome.code ?? '', '', 'rejected', '', '', outcome.reasons.map(({ code }) => code).join(', ')];
    case 'invalid':
      return [
        '',
        '',
        'invalid',
        '',
        '',
        outcome.faults.map(({ at, problem }) => `${at} ${problem}`.trim()).join('; '),
      ];
    default:
      return outcome satisfies never;
  }
}

/** After the table is laid out: colours have no width. */
function paintGrades(table: string, paint: Paint): string {
  return table.replaceAll(/(?<= )[A-E](?= )/g, (letter) => paint(letter, letter));
}
