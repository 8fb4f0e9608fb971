/**
 * One product as the endpoint takes it: the flat Open Food Facts names, per 100 g or 100 ml.
 * Source of names and units: the export's own description (openfoodfacts.org/data).
 */
import Type, { type Static } from 'typebox';

const Amount = (description: string) =>
  Type.Optional(Type.Union([Type.Number(), Type.Null()], { description }));

export const Item = Type.Object(
  {
    code: Type.Optional(Type.String({ description: 'Barcode as text, leading zeros kept.' })),
    product_name: Type.Optional(Type.String()),
    categories: Type.Optional(Type.String({ description: 'Category names, separated by commas.' })),
    categories_tags: Type.Optional(Type.Union([Type.Array(Type.String()), Type.String()])),
    food_groups_tags: Type.Optional(Type.Union([Type.Array(Type.String()), Type.String()])),
    energy_100g: Amount('kJ'),
    'energy-kj_100g': Amount('kJ'),
    'energy-kcal_100g': Amount('kcal'),
    fat_100g: Amount('g'),
    'saturated-fat_100g': Amount('g'),
    carbohydrates_100g: Amount('g'),
    sugars_100g: Amount('g'),
    fiber_100g: Amount('g'),
    proteins_100g: Amount('g'),
    salt_100g: Amount('g'),
    sodium_100g: Amount('g; salt is 2.5 times as much'),
    'fruits-vegetables-legumes_100g': Amount('%'),
    alcohol_100g: Amount('% vol'),
  },
  { additionalProperties: false },
);
export type Item = Static<typeof Item>;
