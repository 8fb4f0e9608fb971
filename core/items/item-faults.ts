/** What is wrong with an item's shape, in words for who sent it. Made only where something is. */
import type { ItemFault } from '../../schemas/http.ts';
import { nearestName } from '../parquet/near-names.ts';
import { FIELD_KINDS, ITEM_FIELDS, ITEM_FORMS, type ItemField } from './item-fields.ts';

/** Of a name or a text that is repeated in a message. */
const QUOTED_MAX = 40;
const NAMES = ITEM_FIELDS.map(({ name }) => name);

export function notAnItem(value: unknown): ItemFault {
  return {
    at: '',
    problem: `is ${describeValue(value)} where an item is due: an object with a product’s nutrients`,
  };
}

/** @param forms bits of the forms that the names before it leave open. */
export function unknownName(name: string, forms: number): ItemFault {
  const near = nearField(name, forms);
  const hint = near === undefined ? '/openapi.json lists the names' : `\`${near.name}\` may be meant`;
  return { at: pointer(name), problem: `is no name of an item: ${hint}` };
}

/** The field that may be meant, by its name in one of the forms. */
function nearField(name: string, forms: number): ItemField | undefined {
  // Comparing costs names times letters, and a long one is no slip of the finger.
  if (name.length > QUOTED_MAX) return undefined;
  const near = nearestName(name, NAMES) ?? NAMES.find((known) => nearestName(known, [name]) !== undefined);
  const field = ITEM_FIELDS.find((one) => one.name === near);
  if (field === undefined || (field.forms & forms) !== 0) return field;
  const isTheSame = (one: ItemField) => one.kind === field.kind && one.target === field.target;
  return ITEM_FIELDS.find((one) => (one.forms & forms) !== 0 && isTheSame(one));
}

/** A name of another form than the names before it. */
export function mixedForms(field: ItemField, formsBefore: number): ItemFault {
  const formOf = (bits: number) =>
    bits === ITEM_FORMS.plain ? 'the plain form (`sugars`)' : 'Open Food Facts’ form (`sugars_100g`)';
  const problem = `belongs to ${formOf(field.forms)}, the names before it to ${formOf(formsBefore)}: use one form`;
  return { at: pointer(field.name), problem };
}

export function wrongType(field: ItemField, value: unknown): ItemFault {
  return { at: pointer(field.name), problem: `is ${describeValue(value)}: ${expectation(field)}` };
}

function expectation({ kind, unit }: ItemField): string {
  switch (kind) {
    case FIELD_KINDS.number:
      return `give a number (${unit} per 100 g or 100 ml), or null where it is not known`;
    case FIELD_KINDS.code:
      return 'give it as text, since leading zeros count';
    case FIELD_KINDS.categories:
    case FIELD_KINDS.foodGroups:
      return 'give a list of texts, or one text with commas';
    case FIELD_KINDS.sweeteners:
      return 'give how many there are, a number';
    case FIELD_KINDS.isSweetened:
      return 'give true or false';
    case FIELD_KINDS.label:
      return 'give a text';
    default:
      return kind satisfies never;
  }
}

function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${JSON.stringify(cut(value))}`;
  if (typeof value === 'object') return 'an object';
  return String(value);
}

/** As in RFC 6901. */
function pointer(name: string): string {
  return `/${cut(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function cut(text: string): string {
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text;
}
