import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoryFacts } from '../../../core/nutriscore/category-facts.ts';
import { CATEGORY_ROLES, type CategoryRole } from '../../../core/nutriscore/category-roles.ts';
import { CATEGORY_ENTRIES } from '../../../core/nutriscore/category-table.ts';
import {
  addCategoryTag,
  addCategoryText,
  addFoodGroupTag,
  addFoodGroupText,
} from '../../../core/nutriscore/category-tags.ts';
import { FOOD_GROUP_ENTRIES } from '../../../core/nutriscore/food-group-table.ts';
import { FOOD_GROUP_LEVELS, FOOD_GROUPS, foodGroupIndex } from '../../../core/nutriscore/food-groups.ts';
import { KINDS, type KindName } from '../../../core/nutriscore/rules.ts';
import { SLUG_BYTES_MAX } from '../../../core/nutriscore/slug.ts';

const encoder = new TextEncoder();

interface Reading {
  readonly roles: number;
  readonly group: string;
}

/** What one reader makes of texts that are read one after the other for one row among three. */
function read(reader: typeof addCategoryTag, ...texts: readonly string[]): Reading {
  const roles = new Uint32Array(3);
  const groups = new Uint8Array(3);
  for (const text of texts) {
    // Bytes of neighbours on both sides: nothing outside of the text may count.
    const bytes = encoder.encode(`wine,${text},wine`);
    reader(bytes, 5, bytes.length - 5, 1, roles, groups);
  }
  expect([roles[0], roles[2], groups[0], groups[2]]).toEqual([0, 0, 0, 0]);
  return { roles: roles[1] ?? 0, group: FOOD_GROUPS[groups[1] ?? 0] ?? '' };
}

function namesOf(roles: number): string[] {
  return (Object.keys(CATEGORY_ROLES) as CategoryRole[]).filter(
    (name) => (roles & CATEGORY_ROLES[name]) !== 0,
  );
}

describe('category tags and names', () => {
  it.each<[KindName, string]>([
    ['beverage', 'en:beverages'],
    ['beverage', 'Boissons'],
    ['beverage', 'Bebidas'],
    ['beverage', 'Getränke'],
    ['beverage', 'Bevande'],
    ['beverage', 'en:milks'],
    ['beverage', 'Bebidas de avena'],
    ['water', 'en:waters,en:spring-waters'],
    ['water', 'Boissons, Eaux, Eaux minérales'],
    ['beverage', 'en:waters,en:spring-waters,en:flavored-waters'],
    ['cheese', 'en:cheeses'],
    ['cheese', 'Fromages'],
    ['cheese', 'Quesos'],
    ['cheese', 'Käse'],
    ['cheese', 'Formaggi'],
    ['food', 'en:cheeses,fr:fromages-blancs'],
    ['fat', 'en:fats'],
    ['fat', 'Matières grasses'],
    ['fat', 'Aceites de oliva virgen extra'],
    ['fat', 'en:creams'],
    ['fat', 'Semillas'],
    ['fat', 'Noisettes'],
    ['food', 'en:nuts,en:chestnuts'],
    ['redMeat', 'Carne de cerdo'],
    ['redMeat', 'Rindfleisch'],
    ['redMeat', 'Jambons blancs'],
    ['food', 'en:hams,en:poultry-hams'],
    ['food', 'Soupes de légumes'],
    ['food', 'en:something-new'],
  ])('make %s of %s in 2023', (kind, text) => {
    const { roles } = read(addCategoryText, text);
    expect(categoryFacts(roles, '2023')).toMatchObject({ kind: KINDS[kind], isKnown: true });
  });

  it('take "en:null" for a category, as Open Food Facts does', () => {
    expect(read(addCategoryText, 'en:null').roles).toBe(CATEGORY_ROLES.known);
  });

  it.each(['', ' ', 'en:unknown', 'en:undefined', 'xx:none', 'unknown', 'en:', ', ,'])(
    'learn nothing from %j',
    (text) => {
      expect(read(addCategoryText, text)).toEqual({ roles: 0, group: 'unknown' });
    },
  );

  it('make the category known by a name of no table, however long', () => {
    const long = 'x'.repeat(2 * SLUG_BYTES_MAX);
    for (const text of ['en:something-new', 'Напитки', long]) {
      expect(read(addCategoryTag, text)).toEqual({ roles: CATEGORY_ROLES.known, group: 'unknown' });
    }
  });

  it.each([
    ['en:alcoholic-beverages', 'isApplicable', false],
    ['Vinagres de vino', 'isApplicable', false],
    ['en:honeys', 'isApplicable', true],
    ['en:instant-beverages', 'isAsPreparedOnly', true],
    ['Boissons instantanées', 'isAsPreparedOnly', true],
    ['en:tea-bags', 'isAsPreparedOnly', false],
    ['Boissons édulcorées', 'isSweetened', true],
    ['Boissons avec sucre ajouté', 'isSweetened', false],
  ] as const)('of %s: %s is %s in 2023', (text, fact, expected) => {
    expect(categoryFacts(read(addCategoryText, text).roles, '2023')[fact]).toBe(expected);
  });

  it('read tags, names and twice encoded names in one text', () => {
    const mixed = read(addCategoryText, 'en:beverages, BoissonsÂ ,CafÃ©s , Thés');
    expect(namesOf(mixed.roles)).toContain('beverageIn2023');
    expect(mixed.group).toBe('teas-and-herbal-teas-and-coffees');
  });

  it('understand a food group among the categories', () => {
    expect(read(addCategoryTag, 'en:hard-cheese')).toEqual({
      roles: CATEGORY_ROLES.known | CATEGORY_ROLES.cheese,
      group: 'cheese',
    });
  });

  it('keep the finest group, and among equally fine ones the last', () => {
    expect(read(addCategoryText, 'en:candies,en:sweet-snacks').group).toBe('sweets');
    expect(read(addCategoryText, 'en:sweet-snacks,en:candies').group).toBe('sweets');
    expect(read(addCategoryText, 'en:candies,en:chocolates').group).toBe('chocolate-products');
  });

  it('give the same roles in any order', () => {
    const slugs = CATEGORY_ENTRIES.flatMap(({ names }) => names.trim().split(/\s+/));
    fc.assert(
      fc.property(fc.shuffledSubarray(slugs, { maxLength: 8 }), (tags) => {
        const forward = read(addCategoryText, tags.join(','));
        expect(read(addCategoryTag, ...[...tags].reverse()).roles).toBe(forward.roles);
      }),
    );
  });

  it('survive any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const roles = new Uint32Array(1);
        addCategoryText(bytes, 0, bytes.length, 0, roles, new Uint8Array(1));
        expect(roles[0]).toBeLessThan(2 ** 30);
      }),
    );
  });
});

describe('food groups', () => {
  it.each([
    ['en:fats-and-sauces,en:fats', 'fats', ['known', 'fat']],
    ['en:fats-and-sauces', 'fats-and-sauces', []],
    ['Fat and sauces,Dressings and sauces', 'dressings-and-sauces', ['known']],
    ['Cheese', 'cheese', ['known', 'cheese']],
    ['en:milk-and-dairy-products,en:milk-and-yogurt', 'milk-and-yogurt', []],
    ['Fish Meat Eggs,Processed meat', 'processed-meat', []],
    ['Fish Meat Eggs,Eggs', 'eggs', ['known']],
    ['Beverages,Sweetened beverages', 'sweetened-beverages', ['known', 'beverage']],
    ['Beverages,Waters and flavored waters', 'waters-and-flavored-waters', ['beverage']],
    [
      'Artificially sweetened beverages',
      'artificially-sweetened-beverages',
      ['known', 'beverage', 'sweetened'],
    ],
    ['fruits-and-vegetables,vegetables', 'vegetables', ['known']],
    ['en:salty-snacks,en:nuts', 'nuts', ['known', 'nut']],
    ['unknown,unknown', 'unknown', []],
    ['en:no-such-group', 'unknown', []],
  ])('%s is %s', (text, group, roles) => {
    const reading = read(addFoodGroupText, text);
    expect([reading.group, namesOf(reading.roles)]).toEqual([group, roles]);
    expect(read(addFoodGroupTag, ...text.split(','))).toEqual(reading);
  });

  it('give no fruit share, whereas the category of that name does', () => {
    const share = (roles: number) => categoryFacts(roles, '2023').defaultFruitShare;
    expect(share(read(addFoodGroupTag, 'en:vegetables').roles)).toBeNaN();
    expect(share(read(addCategoryTag, 'en:vegetables').roles)).toBe(90);
  });

  it('stay among those of the list, each with a level', () => {
    expect(FOOD_GROUP_LEVELS.length).toBe(FOOD_GROUPS.length);
    expect(FOOD_GROUPS[0]).toBe('unknown');
    expect([...FOOD_GROUP_LEVELS].filter((level) => level === 0)).toEqual([0]);
    for (const { group } of [...CATEGORY_ENTRIES, ...FOOD_GROUP_ENTRIES]) {
      if (group !== undefined) expect(foodGroupIndex(group)).toBeGreaterThan(0);
    }
  });

  it('has an entry for every group of the list but "unknown"', () => {
    const named = new Set(FOOD_GROUP_ENTRIES.map(({ group }) => group));
    expect(FOOD_GROUPS.filter((name) => !named.has(name))).toEqual(['unknown']);
  });
});

describe('the tables of names', () => {
  const slugs = [...CATEGORY_ENTRIES, ...FOOD_GROUP_ENTRIES].flatMap(({ names }) =>
    names.trim().split(/\s+/),
  );

  it('hold slugs that a reader can meet', () => {
    for (const slug of slugs) {
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slug.length).toBeLessThan(SLUG_BYTES_MAX - 5);
    }
  });

  it('are all found again', () => {
    for (const { names, roles } of CATEGORY_ENTRIES) {
      for (const slug of names.trim().split(/\s+/)) {
        const found = read(addCategoryTag, `en:${slug}`).roles;
        expect([slug, found & roles, found & CATEGORY_ROLES.known]).toEqual([slug, roles, 1]);
      }
    }
  });

  it('says the same of a tag whatever was read before it', () => {
    const tags = fc.constantFrom(
      'en:cheeses',
      'en:vegetables',
      'en:unknown',
      'en:no-such-thing',
      'en:sugary-snacks',
      'x'.repeat(300),
      '',
    );
    fc.assert(
      fc.property(fc.array(tags, { maxLength: 12 }), tags, (before, tag) => {
        const alone = [read(addCategoryTag, tag), read(addFoodGroupTag, tag)];
        for (const text of before) {
          read(addCategoryTag, text);
          read(addFoodGroupTag, text);
        }
        expect([read(addCategoryTag, tag), read(addFoodGroupTag, tag)]).toEqual(alone);
      }),
    );
  });
});
