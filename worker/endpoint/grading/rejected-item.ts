import { FIELD_KINDS, ITEM_FIELDS, ITEM_FORMS } from '../../../core/items/item-fields.ts';
import { NUTRIENTS, type Nutrient } from '../../../core/items/nutrients.ts';
import { codesOf, REJECT_CODES, REJECTS } from '../../../core/validation/codes.ts';
import { COLUMN_NAMES, offendingValues } from '../../../core/validation/offending-values.ts';
import type { ValidatedItems } from '../../../core/validation/validate.ts';
import type { RejectedItem } from '../../../schemas/http.ts';

const SENTENCES: ReadonlyMap<string, string> = new Map(REJECTS.map(({ code, sentence }) => [code, sentence]));
const PLAIN_NAMES = Object.fromEntries(NUTRIENTS.map((nutrient) => [nutrient, nutrient])) as Record<
  Nutrient,
  string
>;
/** Names of the plain form alone: one of them tells the form. */
const PLAIN_ONLY: ReadonlySet<string> = new Set(
  ITEM_FIELDS.filter(({ forms, kind }) => forms === ITEM_FORMS.plain && kind === FIELD_KINDS.number).map(
    ({ name }) => name,
  ),
);

/** Why an item must not be graded, with the values that it was refused for, by the names that it gave them. */
export function rejectedItem(items: ValidatedItems, row: number, value: unknown): RejectedItem {
  const item = value as Readonly<Record<string, unknown>>; // `readItem` took it
  const { code } = item;
  const isPlain = Object.keys(item).some((name) => PLAIN_ONLY.has(name));
  const reasons = codesOf(REJECT_CODES, items.rejects[row] ?? 0).map((reason) => ({
    code: reason,
    detail: SENTENCES.get(reason) ?? '',
  }));
  const values = offendingValues(items, row, isPlain ? PLAIN_NAMES : COLUMN_NAMES);
  return { outcome: 'rejected', ...(typeof code === 'string' ? { code } : {}), reasons, values };
}
