import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textAt } from '../../../core/items/item-columns.ts';
import { ITEM_FIELDS } from '../../../core/items/item-fields.ts';
import { createItemRows, firstRows } from '../../../core/items/item-rows.ts';
import { NUTRIENTS } from '../../../core/items/nutrients.ts';
import { readItem } from '../../../core/items/read-item.ts';
import { CATEGORY_ROLES } from '../../../core/nutriscore/category-roles.ts';
import { FOOD_GROUPS } from '../../../core/nutriscore/food-groups.ts';
import { codesOf, REJECT_CODES } from '../../../core/validation/codes.ts';
import { validate } from '../../../core/validation/validate.ts';
import { Item, OpenFoodFactsItem, PlainItem } from '../../../schemas/item.ts';
import { createParser } from '../../../schemas/parse.ts';
import { duckDbParquet, readItems } from '../parquet/parquet-files.ts';

const rows = createItemRows(3);

/** What a row holds, absent nutrients left out. */
function read(item: unknown, row = 0) {
  expect(readItem(item, rows, row)).toBeUndefined();
  const { columns } = rows;
  const nutrients = NUTRIENTS.map((nutrient) => [nutrient, columns.nutrients[nutrient][row]] as const);
  return {
    code: textAt(columns.codes, row),
    roles: columns.categoryRoles[row],
    group: columns.foodGroups[row],
    ...Object.fromEntries(nutrients.filter(([, value]) => !Number.isNaN(value))),
  };
}

const faultsOf = (item: unknown) => readItem(item, rows, 0);

/** Any JSON but objects that look like items, and names and values as people get them wrong. */
const values = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(fc.string(), fc.integer())),
  fc.jsonValue({ maxDepth: 2 }),
);
const names = fc.oneof(
  fc.constantFrom(...ITEM_FIELDS.map(({ name }) => name)),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'sugar', 'fat_100G', ''),
  fc.string(),
);
const items = fc
  .array(fc.tuple(names, values), { maxLength: 6 })
  .map(
    (members) =>
      `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
  );

describe('reading an item', () => {
  it('puts each nutrient of the plain form in its column', () => {
    const given = Object.fromEntries(NUTRIENTS.map((nutrient, index) => [nutrient, index + 0.25]));
    expect(read(given)).toEqual({ code: '-', roles: 0, group: 0, ...given });
  });

  it('leaves nothing of the item before it in a row', () => {
    read({ code: '12345', sugars: 3, energyKcal: 5, categories: 'en:cheeses' });
    expect(read({ fat: 1 })).toEqual({ code: '-', roles: 0, group: 0, fat: 1 });
  });

  it('takes null for absent, whatever the name', () => {
    const empty = Object.fromEntries(
      ITEM_FIELDS.filter(({ forms }) => forms !== 2).map(({ name }) => [name, null]),
    );
    expect(read(empty)).toEqual({ code: '-', roles: 0, group: 0 });
  });

  it('makes kJ of kcal and salt of sodium, as decimals', () => {
    expect(read({ energyKcal: 100, sodium: 0.4 })).toMatchObject({ energyKj: 418.4, salt: 1 });
    expect(read({ energyKcal: 100, energyKj: 420, sodium: 0.4, salt: 2 })).toMatchObject({
      energyKj: 420,
      salt: 2,
    });
    expect(read({ salt: 2, sodium: 0.4 })).toMatchObject({ salt: 2 });
  });

  it('takes categories in a list and in a text with commas alike', () => {
    const cheese = read({ categories: ['en:cheeses', 'Fromages à pâte dure'] });
    expect(read({ categories: 'en:cheeses,Fromages à pâte dure' })).toEqual(cheese);
    expect(cheese.roles).toBe(CATEGORY_ROLES.known | CATEGORY_ROLES.cheese);
    expect(FOOD_GROUPS[cheese.group ?? 0]).toBe('cheese');
  });

  it('prefers the tags to the names of categories, in either order', () => {
    const tags = { categories_tags: ['en:cheeses'], categories: 'Waters' };
    const reversed = { categories: 'Waters', categories_tags: ['en:cheeses'] };
    for (const item of [tags, reversed])
      expect(read(item).roles).toBe(CATEGORY_ROLES.known | CATEGORY_ROLES.cheese);
    expect(read({ categories_tags: null, categories: 'Cheeses' }).roles).toBe(
      CATEGORY_ROLES.known | CATEGORY_ROLES.cheese,
    );
  });

  it('reads food groups, which say less', () => {
    expect(FOOD_GROUPS[read({ foodGroups: 'en:cheese' }).group ?? 0]).toBe('cheese');
    expect(FOOD_GROUPS[read({ pnns_groups_2: 'Cheese' }).group ?? 0]).toBe('cheese');
    expect(FOOD_GROUPS[read({ food_groups_tags: ['en:sweets'], pnns_groups_2: 'Cheese' }).group ?? 0]).toBe(
      'sweets',
    );
  });

  it('marks what is sweetened', () => {
    const { sweetened } = CATEGORY_ROLES;
    expect(read({ isSweetened: true }).roles).toBe(sweetened);
    expect(read({ isSweetened: false }).roles).toBe(0);
    expect(read({ with_non_nutritive_sweeteners: 2 }).roles).toBe(sweetened);
    expect(read({ with_non_nutritive_sweeteners: 0 }).roles).toBe(0);
  });

  it('reads tags that are long, or not ASCII', () => {
    const long = `${'en:something-long-and-unknown-'.repeat(60)},en:cheeses`;
    expect(read({ categories: long }).roles).toBe(CATEGORY_ROLES.known | CATEGORY_ROLES.cheese);
    expect(read({ categories: ['Cafés'] }).roles).toBe(read({ categories: ['cafes'] }).roles);
  });

  it('keeps codes row by row, and refuses none for being absent', () => {
    expect(read({ code: '0012', fat: 1 }, 0).code).toBe('0012');
    expect(read({ code: 'ß12', fat: 1 }, 1).code).toBe('ß12');
    expect(read({ fat: 1 }, 2).code).toBe('-');
    expect([...validate(firstRows(rows, 3)).rejects]).toEqual([0, 0, 0]);
  });

  it.each([
    ['', 'missing-code'],
    [' ', 'missing-code'],
    ['1'.repeat(257), 'code-too-long'],
    ['1'.repeat(300), 'code-too-long'],
    ['€'.repeat(200), 'code-too-long'],
    [`${'1'.repeat(259)}€`, 'code-too-long'],
  ])('leaves the code %j to the rule that refuses it', (code, reason) => {
    read({ code, fat: 1 });
    expect(codesOf(REJECT_CODES, validate(firstRows(rows, 1)).rejects[0] ?? 0)).toEqual([reason]);
    read({ code: '1'.repeat(256), fat: 1 });
    expect(validate(firstRows(rows, 1)).rejects[0]).toBe(0);
  });

  it('reads the flat names as a Parquet file with such columns is read', async () => {
    const item = {
      code: '0012',
      categories_tags: 'en:fruit-juices,en:orange-juices',
      food_groups_tags: 'en:fruit-juices',
      'energy-kj_100g': 184.1,
      'energy-kcal_100g': 44,
      fat_100g: 0.1,
      sugars_100g: 8.9,
      sodium_100g: 0.004,
      'fruits-vegetables-nuts_100g': 98,
      'fruits-vegetables-legumes-estimate-from-ingredients_100g': 100,
      'soluble-fiber_100g': 0.2,
      with_non_nutritive_sweeteners: 1,
    };
    const columns = Object.entries(item).map(([name, value]) =>
      typeof value === 'string' ? `'${value}' AS "${name}"` : `${value}::DOUBLE AS "${name}"`,
    );
    const [expected] = await readItems(await duckDbParquet(`SELECT ${columns.join(', ')}`));
    expect({ ...read(item), rowNumber: 0 }).toEqual(expected);
  });
});

describe('an item of the wrong shape', () => {
  it('is what the schema calls so, and nothing else is', () => {
    const schema = createParser('item', Item);
    fc.assert(
      fc.property(items, (text) => {
        const value: unknown = JSON.parse(text);
        expect(faultsOf(value) === undefined).toBe(schema.matches(value));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([[null], [3], ['sugars'], [true], [[]], [[{ sugars: 3 }]]])('is %j', (value) => {
    expect(faultsOf(value)).toEqual([{ at: '', problem: expect.stringContaining('where an item is due') }]);
  });

  it.each([
    [{ sugar: 3 }, '/sugar', 'is no name of an item: `sugars` may be meant'],
    [{ fiber: 3 }, '/fiber', 'is no name of an item: `fiber_100g` may be meant'],
    [{ fat: 1, fiber: 3 }, '/fiber', 'is no name of an item: `fibre` may be meant'],
    [{ fat_100g: 1, satFat: 3 }, '/satFat', 'is no name of an item: /openapi.json lists the names'],
    [{ fat_100g: 1, calories: 3 }, '/calories', 'is no name of an item: `energy-kcal_100g` may be meant'],
    [{ 'a/b~c': 3 }, '/a~1b~0c', 'is no name of an item: /openapi.json lists the names'],
    [
      { fat: 1, sugars_100g: 2 },
      '/sugars_100g',
      'belongs to Open Food Facts’ form (`sugars_100g`), the names before it to the plain form (`sugars`): use one form',
    ],
    [
      { fat_100g: 1, sugars: 2 },
      '/sugars',
      'belongs to the plain form (`sugars`), the names before it to Open Food Facts’ form (`sugars_100g`): use one form',
    ],
    [
      { sugars: '3' },
      '/sugars',
      'is the text "3": give a number (g per 100 g or 100 ml), or null where it is not known',
    ],
    [
      { energyKj: [] },
      '/energyKj',
      'is a list: give a number (kJ per 100 g or 100 ml), or null where it is not known',
    ],
    [
      { fat: {} },
      '/fat',
      'is an object: give a number (g per 100 g or 100 ml), or null where it is not known',
    ],
    [{ code: 12 }, '/code', 'is 12: give it as text, since leading zeros count'],
    [{ categories: [1] }, '/categories', 'is a list: give a list of texts, or one text with commas'],
    [{ foodGroups: 1 }, '/foodGroups', 'is 1: give a list of texts, or one text with commas'],
    [{ isSweetened: 1 }, '/isSweetened', 'is 1: give true or false'],
    [
      { with_non_nutritive_sweeteners: true },
      '/with_non_nutritive_sweeteners',
      'is true: give how many there are, a number',
    ],
    [{ name: 1 }, '/name', 'is 1: give a text'],
  ])('is told of %j what is wrong with it', (item, at, problem) => {
    expect(faultsOf(item)).toEqual([{ at, problem }]);
  });

  it('is told of at most five members, and of long ones in short', () => {
    const faults = faultsOf(
      Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`unknown name ${index}`, 0])),
    );
    expect(faults).toHaveLength(5);
    const [fault] = faultsOf({ ['x'.repeat(100_000)]: 'y'.repeat(100_000) }) ?? [];
    expect(fault?.at).toHaveLength(42);
    expect(faultsOf({ fat: 'y'.repeat(100_000) })?.[0]?.problem.length).toBeLessThan(200);
  });
});

describe('the table of fields', () => {
  it('has the names of the two forms, as the schemas have them', () => {
    const namesOf = (form: number) =>
      ITEM_FIELDS.filter(({ forms }) => (forms & form) !== 0).map(({ name }) => name);
    expect(namesOf(1).sort()).toEqual(Object.keys(PlainItem.properties).sort());
    expect(namesOf(2).sort()).toEqual(Object.keys(OpenFoodFactsItem.properties).sort());
  });
});
