import { count, words } from '../../core/report/format-figures.ts';

/** `955 rows not trained on (slice all)`. */
export function rowsOf({ name, rows }: { readonly name: string; readonly rows: number }): string {
  return `${count(rows)} rows not trained on (slice ${words(name)})`;
}
