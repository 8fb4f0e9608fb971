/**
 * Reads one item as JSON has it into a row. The shape that `schemas/item.ts` describes is checked on the way, in one walk
 * over the item's names: the compiled schema would take a walk of its own, and says of a wrong name only that it is one.
 */
import type { ItemFault } from '../../schemas/http.ts';
import { CATEGORY_ROLES } from '../nutriscore/category-roles.ts';
import {
  addCategoryTag,
  addCategoryText,
  addFoodGroupTag,
  addFoodGroupText,
} from '../nutriscore/category-tags.ts';
import { roundProduct } from '../parquet/restore-decimal.ts';
import { mixedForms, notAnItem, unknownName, wrongType } from './item-faults.ts';
import { FIELD_KINDS, ITEM_FIELDS, type ItemField } from './item-fields.ts';
import { CODE_BYTES_KEPT, type ItemRows } from './item-rows.ts';
import { KJ_PER_KCAL, NUTRIENTS } from './nutrients.ts';

const FIELDS: ReadonlyMap<string, ItemField> = new Map(ITEM_FIELDS.map((field) => [field.name, field]));
const BOTH_FORMS = 3;
const FAULTS_MAX = 5;
const UNRANKED = 255;

const KJ = NUTRIENTS.indexOf('energyKj');
const KCAL = NUTRIENTS.indexOf('energyKcal');

/** Stands for a code that is not given, which is no fault here: it is not blank, and nobody sees it. */
const NO_CODE = '-';

const encoder = new TextEncoder();
/** Of the item that is being read, kept from one to the next. */
const ranks = new Uint8Array(NUTRIENTS.length);
const tagBytes = new Uint8Array(1024);

/**
 * @returns what is wrong with its shape, at most five faults; undefined where nothing is. The row then holds the item; a
 * faulty one leaves nothing that reading into the same row again would not replace.
 */
export function readItem(value: unknown, rows: ItemRows, row: number): readonly ItemFault[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [notAnItem(value)];
  const item = value as Readonly<Record<string, unknown>>;
  clearRow(rows, row);
  let faults: ItemFault[] | undefined;
  let forms = BOTH_FORMS;
  let code: string | undefined;
  let categories: ItemField | undefined;
  let foodGroups: ItemField | undefined;
  // A loop over names, not over fields: items have ten of sixty. `JSON.parse` gives them no inherited ones.
  for (const name in item) {
    const given = item[name];
    const field = FIELDS.get(name);
    let fault: ItemFault | undefined;
    if (field === undefined) {
      fault = unknownName(name, forms);
    } else if ((field.forms & forms) === 0) {
      fault = mixedForms(field, forms);
    } else {
      forms &= field.forms;
      if (given === null) continue;
      if (!fits(field.kind, given)) fault = wrongType(field, given);
      else if (field.kind === FIELD_KINDS.number) writeNumber(rows, row, field, given as number);
      else if (field.kind === FIELD_KINDS.code) code = given as string;
      else if (field.kind === FIELD_KINDS.categories) categories = better(field, categories);
      else if (field.kind === FIELD_KINDS.foodGroups) foodGroups = better(field, foodGroups);
      else if (field.kind !== FIELD_KINDS.label) markSweetened(rows, row, given as number | boolean);
    }
    if (fault === undefined) continue;
    faults = faults === undefined ? [fault] : [...faults, fault];
    if (faults.length === FAULTS_MAX) break;
  }
  if (faults !== undefined) return faults;
  writeCode(rows, row, code ?? NO_CODE);
  // Categories before food groups: among equally fine groups the last one read stays.
  if (categories !== undefined) readTags(item[categories.name], addCategoryTag, addCategoryText, rows, row);
  if (foodGroups !== undefined) readTags(item[foodGroups.name], addFoodGroupTag, addFoodGroupText, rows, row);
  fillKj(rows, row);
  return undefined;
}

function clearRow({ columns, nutrients }: ItemRows, row: number): void {
  for (let index = 0; index < nutrients.length; index += 1)
    (nutrients[index] as Float64Array)[row] = Number.NaN;
  columns.categoryRoles[row] = 0;
  columns.foodGroups[row] = 0;
  ranks.fill(UNRANKED);
}

function fits(kind: ItemField['kind'], given: unknown): boolean {
  switch (kind) {
    case FIELD_KINDS.number:
    case FIELD_KINDS.sweeteners:
      return typeof given === 'number';
    case FIELD_KINDS.code:
    case FIELD_KINDS.label:
      return typeof given === 'string';
    case FIELD_KINDS.isSweetened:
      return typeof given === 'boolean';
    case FIELD_KINDS.categories:
    case FIELD_KINDS.foodGroups:
      return (
        typeof given === 'string' || (Array.isArray(given) && given.every((tag) => typeof tag === 'string'))
      );
    default:
      return kind satisfies never;
  }
}

function writeNumber({ nutrients }: ItemRows, row: number, field: ItemField, given: number): void {
  const { target, rank, factor } = field;
  if (rank > (ranks[target] as number)) return;
  ranks[target] = rank;
  (nutrients[target] as Float64Array)[row] = factor === 1 ? given : roundProduct(given * factor);
}

function better(field: ItemField, before: ItemField | undefined): ItemField {
  return before !== undefined && before.rank < field.rank ? before : field;
}

function markSweetened({ columns }: ItemRows, row: number, given: number | boolean): void {
  if (Number(given) > 0)
    columns.categoryRoles[row] = (columns.categoryRoles[row] as number) | CATEGORY_ROLES.sweetened;
}

/** A row begins where the one before it ends: rows are read in their order. */
function writeCode({ columns }: ItemRows, row: number, code: string): void {
  const { bytes, offsets } = columns.codes;
  const start = offsets[row] as number;
  offsets[row + 1] = start + writeText(code, bytes.subarray(start, start + CODE_BYTES_KEPT));
}

function readTags(
  given: unknown,
  addTag: typeof addCategoryTag,
  addText: typeof addCategoryText,
  { columns }: ItemRows,
  row: number,
): void {
  const { categoryRoles, foodGroups } = columns;
  if (typeof given === 'string') {
    const bytes = bytesOf(given);
    addText(bytes, 0, bytes.length, row, categoryRoles, foodGroups);
    return;
  }
  const tags = given as readonly string[]; // `fits` has looked
  for (let index = 0; index < tags.length; index += 1) {
    const bytes = bytesOf(tags[index] as string);
    addTag(bytes, 0, bytes.length, row, categoryRoles, foodGroups);
  }
}

/** A view that the next text overwrites. */
function bytesOf(text: string): Uint8Array {
  if (text.length * 3 > tagBytes.length) return encoder.encode(text);
  return tagBytes.subarray(0, writeText(text, tagBytes));
}

/** UTF-8 as far as there is room; the number of bytes. Nearly all texts are short and ASCII, so a loop is faster than a call. */
function writeText(text: string, bytes: Uint8Array): number {
  const length = Math.min(text.length, bytes.length);
  for (let at = 0; at < length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) return encoder.encodeInto(text, bytes).written;
    bytes[at] = unit;
  }
  return length;
}

function fillKj({ nutrients }: ItemRows, row: number): void {
  const kj = nutrients[KJ] as Float64Array;
  if (Number.isNaN(kj[row]))
    kj[row] = roundProduct(((nutrients[KCAL] as Float64Array)[row] as number) * KJ_PER_KCAL);
}
