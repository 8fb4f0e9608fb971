import { describe, expect, it } from 'vitest';
import { CATEGORY_ROLES } from '../../../core/nutriscore/category-roles.ts';
import { FOOD_GROUPS } from '../../../core/nutriscore/food-groups.ts';
import { duckDbParquet, openBytes, readItems } from './parquet-files.ts';

const CHEESE = CATEGORY_ROLES.known | CATEGORY_ROLES.cheese;
const CHEESE_GROUP = FOOD_GROUPS.indexOf('cheese');

/** One nutriment as the export has it: `100g` is normalised, `value` is as entered in `unit`. */
const nutriment = (name: string, amount: string, unit = 'g') =>
  `{'name': '${name}', 'value': 999::FLOAT, '100g': ${amount}::FLOAT, 'serving': 1::FLOAT, 'unit': '${unit}'}`;

const nutriments = (...entries: string[]) => `[${entries.join(', ')}]`;

describe('the official export', () => {
  it('reads the amounts per 100 g by name, energy in kJ whatever the unit says', async () => {
    const list = nutriments(
      nutriment('nova-group', '4'),
      nutriment('salt', '0.8', 'mg'),
      nutriment('energy', '1117', 'kcal'),
      nutriment('energy-kcal', '267', 'kcal'),
      nutriment('saturated-fat', '0.1'),
      nutriment('fruits-vegetables-legumes-estimate-from-ingredients', '12.5', '%'),
    );
    const file = await duckDbParquet(
      `SELECT '0012' AS code, ${list} AS nutriments, ['en:cheeses'] AS categories_tags, 2 AS unused`,
    );
    expect((await openBytes(file)).shape).toBe('official export');
    expect(await readItems(file)).toEqual([
      {
        code: '0012',
        rowNumber: 0,
        roles: CHEESE,
        group: expect.any(Number),
        energyKj: 1117,
        energyKcal: 267,
        salt: 0.8,
        saturatedFat: 0.1,
        fruitShare: 12.5,
      },
    ]);
  });

  it('takes the first source of a target that a product has, in the order of the table', async () => {
    const rows = [
      nutriments(nutriment('energy-kj', '5'), nutriment('energy', '6'), nutriment('sodium', '0.28')),
      nutriments(nutriment('energy-kj', '5'), nutriment('energy', 'NULL'), nutriment('salt', '0.2')),
      nutriments(nutriment('energy-kcal', '100'), nutriment('sodium', '1'), nutriment('salt', '0.3')),
      nutriments(
        nutriment('fruits-vegetables-nuts-estimate-from-ingredients', '1'),
        nutriment('fruits-vegetables-legumes-estimate-from-ingredients', '2'),
        nutriment('fruits-vegetables-legumes', '3'),
      ),
    ];
    const file = await duckDbParquet(
      rows.map((list, row) => `SELECT '${row}' AS code, ${list} AS nutriments`).join(' UNION ALL '),
    );
    expect(await readItems(file)).toMatchObject([
      { energyKj: 6, salt: 0.7 },
      { energyKj: 5, salt: 0.2 },
      { energyKj: 418.4, energyKcal: 100, salt: 0.3 },
      { fruitShare: 3 },
    ]);
  });

  it('takes the first amount of a name that a list holds twice', async () => {
    const list = nutriments(nutriment('fat', 'NULL'), nutriment('fat', '3'), nutriment('fat', '4'));
    const file = await duckDbParquet(`SELECT '1' AS code, ${list} AS nutriments`);
    expect(await readItems(file)).toMatchObject([{ fat: 3 }]);
  });

  it('reads products without a list, with an empty one and with null entries', async () => {
    const some = nutriments(nutriment('fat', '3'));
    const file = await duckDbParquet(
      `SELECT '1' AS code, ${some} AS nutriments UNION ALL SELECT '2', NULL UNION ALL SELECT '3', []
       UNION ALL SELECT '4', [NULL] || ${some}`,
    );
    const items = await readItems(file);
    expect(items.map(({ code, fat }) => [code, fat])).toEqual([
      ['1', 3],
      ['2', undefined],
      ['3', undefined],
      ['4', 3],
    ]);
  });

  it('marks products with non-nutritive sweeteners', async () => {
    const list = nutriments(nutriment('fat', '3'));
    const file = await duckDbParquet(
      `SELECT '1' AS code, ${list} AS nutriments, 2 AS with_non_nutritive_sweeteners
       UNION ALL SELECT '2', ${list}, 0 UNION ALL SELECT '3', ${list}, NULL`,
    );
    expect((await readItems(file)).map(({ roles }) => roles)).toEqual([CATEGORY_ROLES.sweetened, 0, 0]);
  });

  it('reads amounts stored as doubles and decimals, and with an underscore before the digit', async () => {
    const list = (type: string, name: string) => `[{'name': 'fat', '${name}': 0.1::${type}}]`;
    for (const [type, name] of [
      ['DOUBLE', '100g'],
      ['DECIMAL(10,3)', '100g'],
      ['FLOAT', '_100g'],
    ] as const) {
      const file = await duckDbParquet(`SELECT '1' AS code, ${list(type, name)} AS nutriments`);
      expect(await readItems(file), type).toMatchObject([{ fat: 0.1 }]);
    }
  });

  it('reads the reported grade on request only', async () => {
    const list = nutriments(nutriment('fat', '3'));
    const grades = ['a', 'E', 'unknown', 'not-applicable', 'f'].map((grade) => `'${grade}'`);
    const file = await duckDbParquet(
      [...grades, 'NULL']
        .map((grade, row) => `SELECT '${row}' AS code, ${list} AS nutriments, ${grade} AS nutriscore_grade`)
        .join(' UNION ALL '),
    );
    const items = await readItems(file, { withReportedGrades: true });
    expect(items.map(({ reported }) => reported)).toEqual([0, 4, 255, 255, 255, 255]);
    expect((await readItems(file))[0]).not.toHaveProperty('reported');
  });
});

describe('flat columns', () => {
  it('are read by their Open Food Facts names', async () => {
    const file = await duckDbParquet(
      `SELECT '0012' AS code, 1117::FLOAT AS energy_100g, 267::FLOAT AS "energy-kcal_100g", 0.8::FLOAT AS salt_100g,
       0.1::FLOAT AS "saturated-fat_100g", 40.5 AS "fruits-vegetables-legumes_100g", 4.5 AS alcohol_100g,
       1 AS "soluble-fiber_100g", 2 AS "insoluble-fiber_100g", 3 AS fiber_100g, NULL::DOUBLE AS sugars_100g`,
    );
    expect((await openBytes(file)).shape).toBe('flat columns');
    expect(await readItems(file)).toEqual([
      {
        code: '0012',
        rowNumber: 0,
        roles: 0,
        group: 0,
        energyKj: 1117,
        energyKcal: 267,
        salt: 0.8,
        saturatedFat: 0.1,
        fruitShare: 40.5,
        alcohol: 4.5,
        solubleFibre: 1,
        insolubleFibre: 2,
        fibre: 3,
      },
    ]);
  });

  it('may have underscores for dashes and another case', async () => {
    const file = await duckDbParquet(
      `SELECT '1' AS CODE, 5 AS saturated_fat_100g, 100 AS energy_kcal_100g, 7 AS Proteins_100G`,
    );
    expect(await readItems(file)).toMatchObject([
      { code: '1', saturatedFat: 5, energyKcal: 100, energyKj: 418.4, proteins: 7 },
    ]);
  });

  it('give salt from sodium and kJ from kcal where a row has only those', async () => {
    const file = await duckDbParquet(
      `FROM (VALUES ('1', 0.28, NULL, NULL, 100), ('2', 0.28, 5, 12, 100), ('3', NULL, NULL, NULL, NULL))
       t(code, sodium_100g, salt_100g, energy_100g, "energy-kcal_100g")`,
    );
    const items = await readItems(file);
    expect(items.map(({ salt, energyKj }) => [salt, energyKj])).toEqual([
      [0.7, 418.4],
      [5, 12],
      [undefined, undefined],
    ]);
  });

  it('take categories as a list, as comma text and as names', async () => {
    for (const [name, value] of [
      ['categories_tags', `['en:dairies', 'en:cheeses']`],
      ['categories_tags', `'en:dairies,en:cheeses'`],
      ['categories', `'Dairies, Cheeses'`],
    ] as const) {
      const file = await duckDbParquet(
        `SELECT '1' AS code, 1 AS fat_100g, ${value} AS ${name} UNION ALL SELECT '2', 1, NULL`,
      );
      const [cheese, none] = await readItems(file);
      expect((cheese?.roles ?? 0) & CHEESE, value).toBe(CHEESE);
      expect(none).toMatchObject({ roles: 0, group: 0 });
    }
  });

  it('take food groups as a list, as comma text and under their older name', async () => {
    expect(CHEESE_GROUP).toBeGreaterThan(0);
    for (const [name, value] of [
      ['food_groups_tags', `['en:milk-and-dairy-products', 'en:cheese']`],
      ['food_groups_tags', `'en:milk-and-dairy-products,en:cheese'`],
      ['pnns_groups_2', `'Cheese'`],
    ] as const) {
      const file = await duckDbParquet(`SELECT '1' AS code, 1 AS fat_100g, ${value} AS ${name}`);
      expect(await readItems(file), value).toMatchObject([{ group: CHEESE_GROUP }]);
    }
  });
});

describe('mapped columns', () => {
  const query = `SELECT 4006381333931 AS ean, 100 AS kcal, 280 AS sodium_mg, 1.5 AS sugars_100g,
    {'fat': 2.5} AS per_100, 'Cheeses' AS kind`;

  it('are read as what the mapping says, in its units, beside those with the usual names', async () => {
    const file = await duckDbParquet(query);
    const mapping = {
      columns: {
        code: 'ean',
        energy_100g: { column: 'kcal', unit: 'kcal' },
        sodium_100g: { column: 'sodium_mg', unit: 'mg' },
        fat_100g: 'per_100.fat',
        categories: 'kind',
      },
    } as const;
    expect((await openBytes(file, { mapping })).shape).toBe('mapped columns');
    const [item] = await readItems(file, { mapping });
    expect(item).toMatchObject({ code: '4006381333931', energyKj: 418.4, salt: 0.7, fat: 2.5, sugars: 1.5 });
    expect((item?.roles ?? 0) & CHEESE).toBe(CHEESE);
  });

  it('convert each unit that fits', async () => {
    const file = await duckDbParquet(`SELECT '1' AS code, 418.4 AS a, 30 AS b, 1234 AS c`);
    const mapping = {
      columns: {
        'energy-kcal_100g': { column: 'a', unit: 'kJ' },
        alcohol_100g: { column: 'b', unit: '%' },
        fat_100g: { column: 'c', unit: 'mg' },
      },
    } as const;
    expect(await readItems(file, { mapping })).toMatchObject([{ energyKcal: 100, alcohol: 30, fat: 1.234 }]);
  });

  it('take the place of what the nested nutriments say of the same nutrient, and of nothing else', async () => {
    const list = nutriments(
      nutriment('fat', '3'),
      nutriment('sugars', '7'),
      nutriment('salt', '1'),
      nutriment('energy', '400'),
    );
    const file = await duckDbParquet(
      `SELECT '1' AS ean, ${list} AS nutriments, 9 AS my_fat, NULL::DOUBLE AS na, 100 AS kcal, 5 AS sugars_100g`,
    );
    const code = 'ean';
    expect(await readItems(file, { mapping: { columns: { code } } })).toMatchObject([
      { code: '1', fat: 3, sugars: 7, salt: 1, energyKj: 400 },
    ]);
    const mapping = { columns: { code, fat_100g: 'my_fat', sodium_100g: 'na', 'energy-kcal_100g': 'kcal' } };
    const [item] = await readItems(file, { mapping });
    expect(item).toMatchObject({ code: '1', fat: 9, sugars: 7, energyKj: 418.4, energyKcal: 100 });
    expect(item?.salt).toBeUndefined();
  });
});

describe('reading by row groups', () => {
  it('numbers rows on from the first and reads only the groups asked for', async () => {
    const file = await openBytes(
      await duckDbParquet(
        'SELECT range::VARCHAR AS code, range AS fat_100g FROM range(6000)',
        'ROW_GROUP_SIZE 2048',
      ),
    );
    expect(file.rowCount).toBe(6000);
    expect(file.rowGroups.map(({ rows }) => rows)).toEqual([2048, 2048, 1904]);
    const fats: number[] = [];
    const firstNumbers: number[] = [];
    for await (const batch of file.readBatches({ first: 1, count: 2 }, 700)) {
      firstNumbers.push(batch.firstRowNumber);
      fats.push(...batch.nutrients.fat);
    }
    expect(fats).toEqual(Array.from({ length: 3952 }, (_, row) => row + 2048));
    expect(firstNumbers[0]).toBe(700);
  });

  it('cuts batches to the rows asked for', async () => {
    const bytes = await duckDbParquet('SELECT range::VARCHAR AS code, range AS fat_100g FROM range(250)');
    const file = await openBytes(bytes, { batchRows: 100 });
    const sizes: number[][] = [];
    for await (const batch of file.readBatches({ first: 0, count: 1 }, 0)) {
      sizes.push([batch.firstRowNumber, batch.rowCount]);
    }
    expect(sizes).toEqual([
      [0, 100],
      [100, 100],
      [200, 50],
    ]);
  });

  it('lets a reader stop early and read again', async () => {
    const bytes = await duckDbParquet('SELECT range::VARCHAR AS code, range AS fat_100g FROM range(250)');
    const file = await openBytes(bytes, { batchRows: 100 });
    for await (const batch of file.readBatches({ first: 0, count: 1 }, 0)) {
      expect(batch.rowCount).toBe(100);
      break;
    }
    let rows = 0;
    for await (const batch of file.readBatches({ first: 0, count: 1 }, 0)) rows += batch.rowCount;
    expect(rows).toBe(250);
    file.close();
  });

  it('refuses row groups that the file has not, which the library would panic on', async () => {
    const file = await openBytes(await duckDbParquet(`SELECT '1' AS code, 1 AS fat_100g`));
    const batches = file.readBatches({ first: 0, count: 2 }, 0)[Symbol.asyncIterator]();
    await expect(batches.next()).rejects.toThrow('made.parquet has 1 row groups, not 0 to 2');
  });
});
