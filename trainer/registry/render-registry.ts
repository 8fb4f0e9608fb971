/** The registry's answers as text for people. */
import type { ComparedValue, Comparison, Value } from './compare-models.ts';
import type { ListedModel, RegistryListing } from './list-models.ts';
import type { Promotion } from './promote.ts';
import type { Published } from './publish.ts';

export function renderPublished({ version, written, files }: Published, place: string): string {
  if (written.length === 0) return `Model ${version} is in ${place} already; nothing was written.`;
  return `Model ${version} is in ${place}: ${written.length} of ${files} files written. Promote it with: npm run model -- promote ${version}`;
}

export function renderPromotion({ version, from, moved, overruled, notes }: Promotion): string {
  const lines = [...notes, ...overruled.map(({ gate, reason }) => `Forced past ${gate}: ${reason}.`)];
  if (!moved) lines.push(`Model ${version} is current already.`);
  else lines.push(`Model ${version} is current now${from === undefined ? '' : `, in place of ${from}`}.`);
  return lines.join('\n');
}

const HEADINGS = [
  '',
  'version',
  'created',
  'rows',
  'trees',
  'accuracy (complete, all, worst)',
  'size',
] as const;

export function renderListing({ place, models, damage }: RegistryListing): string {
  const lines: string[] = [];
  if (damage !== undefined) lines.push(`The pointer can not be used: ${damage}.`);
  if (models.length === 0) lines.push(`${place} has no models.`);
  else lines.push(...table([HEADINGS, ...models.map(listingRow)]));
  return lines.join('\n');
}

function listingRow(model: ListedModel): readonly string[] {
  const { version, isCurrent, state, createdAt, rows, trees, maxDepth, bytes } = model;
  const marker = isCurrent ? '*' : '';
  const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  if (state !== 'published') return [marker, version, state, '', '', '', size];
  return [
    marker,
    version,
    (createdAt ?? '').slice(0, 16).replace('T', ' '),
    (rows ?? 0).toLocaleString('en'),
    `${trees} x ${maxDepth}`,
    accuracyText(model.accuracy ?? {}),
    size,
  ];
}

function accuracyText(accuracy: Readonly<Record<string, number>>): string {
  const [worst] = Object.entries(accuracy).sort(([, left], [, right]) => left - right);
  if (worst === undefined) return 'not told';
  const told = ['complete', 'all'].map((slice) => percent(accuracy[slice]));
  return `${told.join(', ')}, ${percent(worst[1])} (${worst[0]})`;
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${(share * 100).toFixed(1)} %`;
}

export function renderComparison({ left, right, model, parameters, metrics }: Comparison): string {
  const section = (title: string, rows: readonly ComparedValue[]): readonly string[] =>
    table([[title, left, right, 'difference'], ...rows.map(comparisonRow)]);
  return [section('model', model), section('parameters', parameters), section('metrics', metrics)]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function comparisonRow({ name, left, right, difference }: ComparedValue): readonly string[] {
  const isSame = difference === 0 || left === right;
  const sign = difference !== undefined && difference > 0 ? '+' : '';
  return [name, text(left), text(right), isSame || difference === undefined ? '' : `${sign}${difference}`];
}

function text(value: Value | undefined): string {
  return value === undefined ? '-' : String(value);
}

/** Columns as wide as their widest cell, two spaces apart. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
