/**
 * Reads category tags and names, as bytes, into role bits and food group indices.
 *
 * No string is made and nothing is allocated per tag: a tag that was not read before goes as a slug to one scratch
 * buffer, is hashed, and is compared with the bytes of the entries of that hash. A `Map` keyed by strings was refused: it needs a
 * decoded string per tag, and an export carries about ten tags a row.
 *
 * Categories and food groups are two tables, since some tags are in both with another meaning: the category
 * `en:vegetables` gives the fruit share of vegetables, the food group of that name also holds vegetables in
 * sauce. Text from `food_groups_tags` or `pnns_groups_1/2` belongs to `addFoodGroupTag`.
 *
 * Indices here lie within their arrays by construction (`as number` says so): a default for the impossible
 * would be a branch that no test can reach.
 *
 * When a row has both, read its categories first: among equally fine groups the last one read stays.
 */
import { type TextColumn, textColumn } from '../items/item-columns.ts';
import { CATEGORY_ROLES } from './category-roles.ts';
import { CATEGORY_ENTRIES, PLACEHOLDERS } from './category-table.ts';
import { FOOD_GROUP_ENTRIES } from './food-group-table.ts';
import { FOOD_GROUP_LEVELS, foodGroupIndex } from './food-groups.ts';
import { SLUG_BYTES_MAX, writeSlug } from './slug.ts';
import type { TagEntry } from './tag-entry.ts';
import { createTagMemory, placeOf, type TagMemory, takePlace } from './tag-memory.ts';

const COMMA = 0x2c;
const KNOWN = CATEGORY_ROLES.known;

/** Entries by slug, open addressing: slot of a hash, then the next, until the slug or an empty slot. */
interface SlugTable {
  readonly slots: Int32Array;
  readonly slugs: TextColumn;
  readonly roles: Uint32Array;
  readonly groups: Uint8Array;
}

const categories = createSlugTable([
  ...CATEGORY_ENTRIES.map((entry) => ({ ...entry, roles: entry.roles | KNOWN })),
  { names: PLACEHOLDERS, roles: 0 },
]);
const foodGroups = createSlugTable(FOOD_GROUP_ENTRIES);
const scratch = new Uint8Array(SLUG_BYTES_MAX);
const readCategories = createTagMemory();
const readFoodGroups = createTagMemory();

/**
 * Adds one category tag or name, `bytes[start … end)`, to row `row`. A name that is in no table makes the
 * category known and says no more; a placeholder (`en:unknown`, `xx:none`, an empty text) says nothing. A
 * food group's tag is understood too.
 */
export function addCategoryTag(
  bytes: Uint8Array,
  start: number,
  end: number,
  row: number,
  roles: Uint32Array,
  groups: Uint8Array,
): void {
  if (start === end) return;
  let place = placeOf(readCategories, bytes, start, end);
  if (place === 0) {
    place = takePlace(readCategories, bytes, start, end);
    const length = writeSlug(bytes, start, end, scratch);
    const entry = findSlug(categories, length);
    const group = entry >= 0 ? -1 : findSlug(foodGroups, length);
    if (entry >= 0) learn(readCategories, place, categories, entry);
    else if (group >= 0) learn(readCategories, place, foodGroups, group);
    else learnRoles(readCategories, place, length === 0 ? 0 : KNOWN);
  }
  addMeaning(readCategories, place, row, roles, groups);
}

/** Adds one food group tag or name; what is no food group says nothing. */
export function addFoodGroupTag(
  bytes: Uint8Array,
  start: number,
  end: number,
  row: number,
  roles: Uint32Array,
  groups: Uint8Array,
): void {
  if (start === end) return;
  let place = placeOf(readFoodGroups, bytes, start, end);
  if (place === 0) {
    place = takePlace(readFoodGroups, bytes, start, end);
    const entry = findSlug(foodGroups, writeSlug(bytes, start, end, scratch));
    if (entry >= 0) learn(readFoodGroups, place, foodGroups, entry);
    else learnRoles(readFoodGroups, place, 0);
  }
  addMeaning(readFoodGroups, place, row, roles, groups);
}

type AddTag = typeof addCategoryTag;

/** Adds each item of a comma-separated text, tags and names mixed. */
export function addCategoryText(
  bytes: Uint8Array,
  start: number,
  end: number,
  row: number,
  roles: Uint32Array,
  groups: Uint8Array,
): void {
  addItems(addCategoryTag, bytes, start, end, row, roles, groups);
}

/** Adds each food group of a comma-separated text. */
export function addFoodGroupText(
  bytes: Uint8Array,
  start: number,
  end: number,
  row: number,
  roles: Uint32Array,
  groups: Uint8Array,
): void {
  addItems(addFoodGroupTag, bytes, start, end, row, roles, groups);
}

function addItems(
  addTag: AddTag,
  bytes: Uint8Array,
  start: number,
  end: number,
  row: number,
  roles: Uint32Array,
  groups: Uint8Array,
): void {
  let itemStart = start;
  for (let at = start; at <= end; at += 1) {
    if (at < end && bytes[at] !== COMMA) continue;
    addTag(bytes, itemStart, at, row, roles, groups);
    itemStart = at + 1;
  }
}

function learn(memory: TagMemory, place: number, table: SlugTable, entry: number): void {
  memory.roles[place] = table.roles[entry] as number;
  memory.groups[place] = table.groups[entry] as number;
}

function learnRoles(memory: TagMemory, place: number, bits: number): void {
  memory.roles[place] = bits;
  memory.groups[place] = 0;
}

function addMeaning(
  memory: TagMemory,
  place: number,
  row: number,
  roles: Uint32Array,
  groups: Uint8Array,
): void {
  roles[row] = (roles[row] as number) | (memory.roles[place] as number);
  const group = memory.groups[place] as number;
  if (group !== 0 && levelOf(group) >= levelOf(groups[row] as number)) groups[row] = group;
}

function levelOf(group: number): number {
  return FOOD_GROUP_LEVELS[group] as number;
}

/** Number of the entry whose slug lies in the scratch buffer; -1 when there is none. */
function findSlug(table: SlugTable, length: number): number {
  if (length <= 0) return -1;
  const mask = table.slots.length - 1;
  let slot = hash(scratch, 0, length) & mask;
  for (;;) {
    const entry = (table.slots[slot] as number) - 1;
    if (entry < 0 || isSlugOf(table, entry, length)) return entry;
    slot = (slot + 1) & mask;
  }
}

function isSlugOf(table: SlugTable, entry: number, length: number): boolean {
  const { bytes, offsets } = table.slugs;
  const start = offsets[entry] as number;
  if ((offsets[entry + 1] as number) - start !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (bytes[start + index] !== scratch[index]) return false;
  }
  return true;
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at += 1) value = Math.imul(value ^ (bytes[at] as number), 0x01000193);
  return value;
}

/** Joins entries that name one slug twice: their roles by OR, the first group stays. */
function createSlugTable(entries: readonly TagEntry[]): SlugTable {
  const bySlug = new Map<string, { roles: number; group: number }>();
  for (const { names, roles, group } of entries) {
    for (const slug of names.split(/\s+/).filter((name) => name !== '')) {
      const before = bySlug.get(slug) ?? { roles: 0, group: 0 };
      const index = before.group === 0 && group !== undefined ? foodGroupIndex(group) : before.group;
      bySlug.set(slug, { roles: before.roles | roles, group: index });
    }
  }
  const slugs = textColumn([...bySlug.keys()]);
  // At most a quarter full: a probe rarely looks at a second entry.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(bySlug.size * 4)));
  for (let entry = 0; entry < bySlug.size; entry += 1) {
    const start = slugs.offsets[entry] as number;
    const end = slugs.offsets[entry + 1] as number;
    let slot = hash(slugs.bytes, start, end) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = entry + 1;
  }
  const values = [...bySlug.values()];
  return {
    slots,
    slugs,
    roles: Uint32Array.from(values, ({ roles }) => roles),
    groups: Uint8Array.from(values, ({ group }) => group),
  };
}
