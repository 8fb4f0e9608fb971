/** Why a grade is what it is, as a page shows it: points, probabilities, reasons, warnings. */
import type {
  Contribution,
  GradedItem,
  Grading,
  GradingsResponse,
  OfficialGrade,
  ProblemDocument,
} from '../../../../schemas/http.ts';
import { pageData } from './data.ts';
import { bar, element, letter } from './elements.ts';

type Probabilities = GradedItem['model']['probabilities'];
type PointName = keyof OfficialGrade['points'];

const UNFAVOURABLE: readonly PointName[] = ['energy', 'sugars', 'saturatedFat', 'salt', 'sweeteners'];
const FAVOURABLE: readonly PointName[] = ['fruitShare', 'fibre', 'proteins'];
const POINT_WORDS: Readonly<Record<PointName, string>> = {
  energy: 'Energy',
  sugars: 'Sugars',
  saturatedFat: 'Saturated fat',
  salt: 'Salt',
  sweeteners: 'Sweeteners',
  fruitShare: 'Fruit, vegetables, legumes',
  fibre: 'Fibre',
  proteins: 'Proteins',
};
/** The most and the least that is worth a line. */
const REASONS_MAX = 8;

export function gradeDetails(item: GradedItem): Node[] {
  return [
    ...(item.official === null ? [] : pointsTable(item.official)),
    ...probabilities(item.model.probabilities),
    ...reasons(item.contributions),
    ...warnings(item.warnings),
    element('p', { class: 'fine' }, 'Model ', element('code', {}, item.modelVersion)),
  ];
}

export function problemDetails({ reasons: rejects = [], faults = [], values = {} }: ProblemDocument): Node[] {
  const given = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  return [
    list('warnings rejects', [
      ...rejects.map(({ detail }) => detail),
      ...faults.map(({ at, problem }) => `${at.slice(1)} ${problem}`),
    ]),
    ...(given.length === 0 ? [] : [element('p', { class: 'note' }, `Given: ${given.join(', ')}.`)]),
  ];
}

export function gradingDetails({ latest, earlier }: GradingsResponse): Node[] {
  return [
    ...probabilities(latest.model.probabilities),
    ...warnings(latest.warnings),
    ...(earlier.length === 0 ? [] : [heading('Earlier gradings'), historyTable(earlier)]),
    element(
      'p',
      { class: 'fine' },
      'Job ',
      element('code', {}, latest.job),
      ', model ',
      element('code', {}, latest.modelVersion),
    ),
  ];
}

function heading(text: string, small?: string): HTMLElement {
  return element('h2', {}, text, small === undefined ? null : element('small', {}, small));
}

function pointsTable({ points, score, kind, proteinCounted, proteinReason }: OfficialGrade): Node[] {
  const { maxima, kinds } = pageData;
  const most = maxima[kind];
  const sum = (names: readonly PointName[]) => names.reduce((total, name) => total + points[name], 0);
  const counted = FAVOURABLE.filter((name) => name !== 'proteins' || proteinCounted);
  const row = (name: PointName, group: string): HTMLElement => {
    const isOff = name === 'proteins' && !proteinCounted;
    return element(
      'tr',
      { class: isOff ? 'off' : group },
      element(
        'th',
        { scope: 'row' },
        kinds[kind].names[name] ?? POINT_WORDS[name],
        isOff ? ' (not counted)' : null,
      ),
      element('td', { class: 'number' }, `${points[name]} of ${most[name]}`),
      element('td', { class: 'bar' }, bar(isOff ? 0 : points[name] / most[name])),
    );
  };
  const shown = (names: readonly PointName[]) => names.filter((name) => most[name] > 0);
  const total = (words: string, value: number): HTMLElement =>
    element(
      'tr',
      { class: 'sum' },
      element('th', { scope: 'row' }, words),
      element('td', { class: 'number' }, String(value)),
      element('td', {}),
    );
  const body = element(
    'tbody',
    {},
    ...shown(UNFAVOURABLE).map((name) => row(name, '')),
    total('Unfavourable', sum(UNFAVOURABLE)),
    ...shown(FAVOURABLE).map((name) => row(name, 'good')),
    total('Favourable', sum(counted)),
    total('Score', score),
  );
  return [
    heading('Points', kinds[kind].words),
    element('table', {}, element('caption', {}, 'Points by nutrient'), body),
    element('p', { class: 'note' }, proteinReason, ' ', kinds[kind].cutOffs),
  ];
}

function probabilities(shares: Probabilities): Node[] {
  const rows = Object.entries(shares).flatMap(([grade, share]) => [
    letter(grade),
    bar(share, grade),
    element('output', {}, percent(share)),
  ]);
  return [
    heading('What the model says', 'a probability for each grade'),
    element('div', { class: 'odds' }, ...rows),
  ];
}

function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

function reasons(contributions: readonly Contribution[] | undefined): Node[] {
  if (contributions === undefined) return [];
  const rows = contributions
    .slice(0, REASONS_MAX)
    .map(({ text, toward, share }) =>
      element(
        'li',
        {},
        element('span', {}, text.replace(/: pushes toward .$/, '')),
        bar(share, toward),
        element('span', { class: 'share' }, `${Math.round(share * 100)} %`),
        element('span', { title: `pushes toward ${toward.toUpperCase()}` }, letter(toward)),
      ),
    );
  return [
    heading('Why the model says so', 'the grade that each pushes toward, and its share of it all'),
    element('ul', { class: 'plain reasons' }, ...rows),
  ];
}

function warnings(codes: readonly string[]): Node[] {
  if (codes.length === 0) return [];
  return [
    heading('To know'),
    list(
      'warnings',
      codes.map((code) => pageData.warnings[code] ?? code),
    ),
  ];
}

function list(kind: string, texts: readonly string[]): HTMLElement {
  return element('ul', { class: `plain ${kind}` }, ...texts.map((text) => element('li', {}, text)));
}

function historyTable(gradings: readonly Grading[]): HTMLElement {
  const rows = gradings.map(({ gradedFor, grade, source, job }) =>
    element(
      'tr',
      {},
      element(
        'td',
        {},
        new Date(gradedFor).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
      ),
      element('td', {}, letter(grade)),
      element('td', {}, source),
      element('td', {}, element('code', {}, job)),
    ),
  );
  return element('table', {}, element('tbody', {}, ...rows));
}
