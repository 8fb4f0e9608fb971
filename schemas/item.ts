/**
 * One product as the endpoint takes it, per 100 g or 100 ml, in one of two forms: with the flat names of Open Food Facts'
 * exports, or with plain ones. Which input each name feeds stands in `core/items/item-fields.ts`; a test compares the two.
 * Source of the flat names and their units: the export's own description (openfoodfacts.org/data).
 */
import Type, { type Static } from 'typebox';

const Amount = (description: string) =>
  Type.Optional(Type.Union([Type.Number(), Type.Null()], { description }));
const Text = (description: string) =>
  Type.Optional(Type.Union([Type.String(), Type.Null()], { description }));
const Tags = (description: string) =>
  Type.Optional(Type.Union([Type.Array(Type.String()), Type.String(), Type.Null()], { description }));

const CODE = 'Barcode as text, leading zeros kept; answers repeat it.';
const CATEGORIES =
  'Tags or names, in a list or separated by commas. Without a known one there is no official grade.';
const FRUIT = '% of fruit, vegetables and legumes';
const OLDER_FRUIT = '% of fruit, vegetables and nuts, as before 2023; used where no newer share is given';

export const OpenFoodFactsItem = Type.Object(
  {
    code: Text(CODE),
    product_name: Text('Not looked at.'),
    categories_tags: Tags(CATEGORIES),
    categories: Tags('The same, where `categories_tags` is absent.'),
    food_groups_tags: Tags('Food groups of Open Food Facts; they say less than categories.'),
    food_groups: Tags('The same, where `food_groups_tags` is absent.'),
    pnns_groups_2: Tags('The same by older names, where both are absent.'),
    with_non_nutritive_sweeteners: Amount(
      'how many non-nutritive sweeteners it has; above 0 counts for beverages',
    ),
    energy_100g: Amount('kJ'),
    'energy-kj_100g': Amount('kJ, where `energy_100g` is absent'),
    'energy-kcal_100g': Amount('kcal; makes the kJ where they are absent'),
    fat_100g: Amount('g'),
    'saturated-fat_100g': Amount('g'),
    carbohydrates_100g: Amount('g'),
    sugars_100g: Amount('g'),
    fiber_100g: Amount('g'),
    proteins_100g: Amount('g'),
    salt_100g: Amount('g'),
    sodium_100g: Amount('g; salt is 2.5 times as much, used where salt is absent'),
    'fruits-vegetables-legumes_100g': Amount(FRUIT),
    'fruits-vegetables-legumes-estimate-from-ingredients_100g': Amount(`${FRUIT}, estimated`),
    'fruits-vegetables-nuts_100g': Amount(OLDER_FRUIT),
    'fruits-vegetables-nuts-estimate_100g': Amount(OLDER_FRUIT),
    'fruits-vegetables-nuts-estimate-from-ingredients_100g': Amount(OLDER_FRUIT),
    alcohol_100g: Amount('% vol'),
    starch_100g: Amount('g'),
    polyols_100g: Amount('g'),
    erythritol_100g: Amount('g'),
    fructose_100g: Amount('g'),
    glucose_100g: Amount('g'),
    maltose_100g: Amount('g'),
    lactose_100g: Amount('g'),
    sucrose_100g: Amount('g'),
    'soluble-fiber_100g': Amount('g'),
    'insoluble-fiber_100g': Amount('g'),
  },
  { additionalProperties: false, description: 'A product with the flat names of Open Food Facts.' },
);
export type OpenFoodFactsItem = Static<typeof OpenFoodFactsItem>;

export const PlainItem = Type.Object(
  {
    code: Text(CODE),
    name: Text('Not looked at.'),
    categories: Tags(CATEGORIES),
    foodGroups: Tags('Food groups of Open Food Facts; they say less than categories.'),
    isSweetened: Type.Optional(
      Type.Union([Type.Boolean(), Type.Null()], {
        description: 'Whether it has a non-nutritive sweetener; counts for beverages.',
      }),
    ),
    energyKj: Amount('kJ'),
    energyKcal: Amount('kcal; makes the kJ where they are absent'),
    fat: Amount('g'),
    saturatedFat: Amount('g'),
    carbohydrates: Amount('g'),
    sugars: Amount('g'),
    fibre: Amount('g'),
    proteins: Amount('g'),
    salt: Amount('g'),
    sodium: Amount('g; salt is 2.5 times as much, used where salt is absent'),
    fruitShare: Amount(FRUIT),
    alcohol: Amount('% vol'),
    starch: Amount('g'),
    polyols: Amount('g'),
    erythritol: Amount('g'),
    fructose: Amount('g'),
    glucose: Amount('g'),
    maltose: Amount('g'),
    lactose: Amount('g'),
    sucrose: Amount('g'),
    solubleFibre: Amount('g'),
    insolubleFibre: Amount('g'),
  },
  { additionalProperties: false, description: 'A product with plain names.' },
);
export type PlainItem = Static<typeof PlainItem>;

/** Names of the two forms do not mix, but for `code` and `categories`, which both have. */
export const Item = Type.Union([PlainItem, OpenFoodFactsItem]);
export type Item = Static<typeof Item>;
