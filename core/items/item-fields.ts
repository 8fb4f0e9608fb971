/**
 * What each name of an item as JSON feeds: the flat names of Open Food Facts by the table that Parquet files are read by, and
 * the plain ones, which are the project's own words. `schemas/item.ts` tells users the same; a test compares.
 */
import { flatName, INPUT_SOURCES, type InputSource, OTHER_COLUMNS } from '../parquet/input-sources.ts';
import { NUTRIENTS, SALT_PER_SODIUM } from './nutrients.ts';

/** Bits: a name may belong to both forms. */
export const ITEM_FORMS = { plain: 1, openFoodFacts: 2 } as const;

export const FIELD_KINDS = {
  /** Feeds the nutrient `target`. */
  number: 0,
  code: 1,
  categories: 2,
  foodGroups: 3,
  /** A count: above 0 the product is sweetened. */
  sweeteners: 4,
  isSweetened: 5,
  /** A text for people, which nothing rests on. */
  label: 6,
} as const;
export type FieldKind = (typeof FIELD_KINDS)[keyof typeof FIELD_KINDS];

/** All fields have all members: reading one is the same machine code for each. */
export interface ItemField {
  readonly name: string;
  /** Bits of `ITEM_FORMS`. */
  readonly forms: number;
  readonly kind: FieldKind;
  /** Index into `NUTRIENTS`; -1 of what is no nutrient. */
  readonly target: number;
  /** Of several names with one target the lowest counts. */
  readonly rank: number;
  readonly factor: number;
  /** For messages. */
  readonly unit: string;
}

function field(name: string, forms: number, kind: FieldKind, rank = 0): ItemField {
  return { name, forms, kind, target: -1, rank, factor: 1, unit: '' };
}

function number(name: string, forms: number, source: Omit<InputSource, 'name'>, rank: number): ItemField {
  const { target, unit, factor } = source;
  return { name, forms, kind: FIELD_KINDS.number, target: NUTRIENTS.indexOf(target), rank, factor, unit };
}

const { plain, openFoodFacts } = ITEM_FORMS;
const K = FIELD_KINDS;
const BOTH = plain | openFoodFacts;

const PLAIN_UNITS: Readonly<Record<string, InputSource['unit']>> = {
  energyKj: 'kJ',
  energyKcal: 'kcal',
  fruitShare: '%',
  alcohol: '%',
};

/** The plain names first: of two that may have been meant, an error names the shorter. */
export const ITEM_FIELDS: readonly ItemField[] = [
  field('code', BOTH, K.code),
  field('name', plain, K.label),
  field('categories', BOTH, K.categories, 1),
  field('foodGroups', plain, K.foodGroups),
  field('isSweetened', plain, K.isSweetened),
  ...NUTRIENTS.map((target) =>
    number(target, plain, { target, unit: PLAIN_UNITS[target] ?? 'g', factor: 1 }, 0),
  ),
  number('sodium', plain, { target: 'salt', unit: 'g', factor: SALT_PER_SODIUM }, 1),
  field('product_name', openFoodFacts, K.label),
  field('categories_tags', openFoodFacts, K.categories, 0),
  ...OTHER_COLUMNS.foodGroups.map((name, rank) => field(name, openFoodFacts, K.foodGroups, rank)),
  ...OTHER_COLUMNS.sweeteners.map((name) => field(name, openFoodFacts, K.sweeteners)),
  ...INPUT_SOURCES.map((source, rank) => number(flatName(source), openFoodFacts, source, rank)),
];
