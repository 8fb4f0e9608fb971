/** Numbers, sizes and tables as text. Pure; the same on every machine (one locale). */

const INTEGER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1234567` as `1,234,567`. */
export function formatCount(count: number): string {
  return INTEGER.format(count);
}

/** `formatQuantity(1, 'file')` is `1 file`, `formatQuantity(2, 'file')` is `2 files`. */
export function formatQuantity(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

/**
 * A share (0 to 1) as percent with one digit. What is not all or nothing never reads as such:
 * 0.99999 is `>99.9 %`, 0.00001 is `<0.1 %`.
 */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1 %';
  if (share < 1 && share > 0.9995) return '>99.9 %';
  return `${(share * 100).toFixed(1)} %`;
}

const SIZE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in powers of 1000: `532 bytes`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.95 && unit < SIZE_UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? formatCount(size) : size.toFixed(1)} ${SIZE_UNITS[unit]}`;
}

export interface Column {
  readonly title: string;
  /** @default left */
  readonly align?: 'left' | 'right';
}

/** Rows under their titles, columns two blanks apart, no blanks at line ends. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, column) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, column) => pad(cells[column] ?? '', widths[column] ?? 0, align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n');
}

export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

function displayWidth(text: string): number {
  return [...text].length;
}

export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
