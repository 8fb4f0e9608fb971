import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, GAPS } from '../../../local/demo/catalogue-faults.ts';
import { withDuckDb } from '../../../local/demo/duckdb.ts';
import { type CatalogueOptions, writeMadeCatalogue } from '../../../local/demo/made-catalogue.ts';

const ROWS = 20_000;
let directory: string;
let flat: string;
let nested: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nutrisage-catalogue-'));
  flat = await made('flat', { rows: ROWS, shape: 'flat', seed: 3 });
  nested = await made('nested', { rows: ROWS, shape: 'nested', seed: 3, rowGroupRows: 4096 });
});

afterAll(() => rmSync(directory, { recursive: true }));

async function made(name: string, options: CatalogueOptions): Promise<string> {
  const path = join(directory, `${name}.parquet`);
  await writeMadeCatalogue(path, options);
  return path;
}

async function query(sql: string): Promise<readonly (readonly unknown[])[]> {
  return withDuckDb(async (connection) => (await connection.runAndReadAll(sql)).getRowsJson());
}

async function one(sql: string): Promise<number> {
  return Number((await query(sql))[0]?.[0]);
}

/** Hash of the first rows of a file, in file order. */
async function contentHash(path: string, rows: number): Promise<unknown> {
  const sql = `SELECT md5(string_agg(md5(line::VARCHAR), '' ORDER BY file_row_number))
    FROM (SELECT line, file_row_number
      FROM read_parquet('${path}', file_row_number = true) line
      WHERE file_row_number < ${rows})`;
  return (await query(sql))[0]?.[0];
}

describe('a made catalogue', () => {
  it.each(['flat', 'nested'] as const)(
    'has the same content for the same seed, as a %s file',
    async (shape) => {
      const again = await made('again', { rows: ROWS, shape, seed: 3 });
      const other = await made('other', { rows: ROWS, shape, seed: 4 });
      const hash = await contentHash(shape === 'flat' ? flat : nested, ROWS);
      expect(await contentHash(again, ROWS)).toBe(hash);
      expect(await contentHash(other, ROWS)).not.toBe(hash);
    },
  );

  it.each([100, 1000])('begins like a catalogue of %i rows of its seed', async (rows) => {
    const small = await made('small', { rows, shape: 'flat', seed: 3 });
    expect(await contentHash(small, rows)).toBe(await contentHash(flat, rows));
  });

  it('is cut into row groups of the asked size', async () => {
    const groups = await query(
      `SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata('${nested}') ORDER BY 1`,
    );
    expect(groups.map(([, rows]) => Number(rows))).toEqual([4096, 4096, 4096, 4096, 3616]);
  });

  it('keeps sound rows physically possible', async () => {
    const possible = `"saturated-fat_100g" <= fat_100g AND sugars_100g <= carbohydrates_100g
      AND fat_100g + carbohydrates_100g + proteins_100g + salt_100g <= 100
      AND abs(37 * fat_100g + 17 * (carbohydrates_100g + proteins_100g) + 8 * fiber_100g
        + 29 * 0.789 * coalesce(alcohol_100g, 0) - energy_100g) <= 1`;
    const complete = `energy_100g + fat_100g + "saturated-fat_100g" + carbohydrates_100g + sugars_100g
      + fiber_100g + proteins_100g + salt_100g IS NOT NULL`;
    const completeRows = await one(`SELECT count(*) FROM '${flat}' WHERE ${complete}`);
    const possibleRows = await one(`SELECT count(*) FROM '${flat}' WHERE ${complete} AND ${possible}`);
    const faulty = FAULTS.reduce((sum, { share }) => sum + share, 0);
    expect(completeRows).toBeGreaterThan(ROWS / 3);
    expect(possibleRows / completeRows).toBeGreaterThan(1 - faulty);
    expect(possibleRows).toBeLessThan(completeRows);
  });

  it('leaves out what real labels leave out, about as often', async () => {
    const table = GAPS.find(({ name }) => name === 'nutrition table')?.share ?? 0;
    const fibreMissing = await one(`SELECT avg((fiber_100g IS NULL)::INTEGER) FROM '${flat}'`);
    expect(fibreMissing).toBeCloseTo(0.35 + table * 0.65, 1);
    const categoryMissing = await one(`SELECT avg((categories_tags IS NULL)::INTEGER) FROM '${flat}'`);
    expect(categoryMissing).toBeCloseTo(0.1, 1);
    const emptyTables = await one(
      `SELECT avg((energy_100g IS NULL AND fat_100g IS NULL AND proteins_100g IS NULL)::INTEGER) FROM '${flat}'`,
    );
    expect(emptyTables).toBeCloseTo(table, 2);
  });

  it.each([
    ['a negative value', 'sugars_100g < 0'],
    ['more than the pack holds', 'carbohydrates_100g > 105'],
    ['no finite number', 'isinf(proteins_100g)'],
    ['no code', 'code IS NULL'],
    ['more saturated fat than fat', '"saturated-fat_100g" > fat_100g'],
    ['milligrams for grams', 'salt_100g > 105'],
    ['kcal for kJ', 'fat_100g > 5 AND energy_100g < 30 * fat_100g'],
    ['nothing but zeros', `fat_100g = 0 AND carbohydrates_100g = 0 AND product_name NOT LIKE '%Water'`],
  ])('has a few rows with %s', async (_name, condition) => {
    const share = (await one(`SELECT count(*) FROM '${flat}' WHERE ${condition}`)) / ROWS;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.02);
  });

  it('repeats the code of a few products and no others', async () => {
    const distinct = await one(`SELECT count(DISTINCT code) FROM '${flat}'`);
    const repeated = await one(`SELECT count(*) - ${distinct} FROM '${flat}' WHERE code IS NOT NULL`);
    expect(repeated / ROWS).toBeGreaterThan(0.002);
    expect(repeated / ROWS).toBeLessThan(0.007);
  });

  it('says the same in both shapes', async () => {
    const differing = await one(`
      SELECT count(*) FROM '${flat}' flat JOIN (
        SELECT code, list_filter(nutriments, lambda entry: entry.name = 'fat')[1]."100g" AS fat
        FROM '${nested}' WHERE nutrition_data_per = '100g'
      ) nested USING (code)
      WHERE nested.fat IS DISTINCT FROM flat.fat_100g::FLOAT
        AND code IN (SELECT code FROM '${flat}' GROUP BY code HAVING count(*) = 1)`);
    expect(differing).toBe(0);
  });

  it('names nutrients and units as the official export does', async () => {
    const units = await query(`
      SELECT entry.name, string_agg(DISTINCT entry.unit, ' ' ORDER BY entry.unit)
      FROM (SELECT unnest(nutriments) AS entry FROM '${nested}') GROUP BY 1 ORDER BY 1`);
    expect(Object.fromEntries(units)).toMatchObject({
      energy: 'kJ kcal',
      'energy-kcal': 'kcal',
      salt: 'g mg',
      sodium: 'g mg',
      'saturated-fat': 'g',
      'fruits-vegetables-legumes-estimate-from-ingredients': null,
    });
  });

  it('normalises salt to grams whatever the unit', async () => {
    const wrong = await one(`
      SELECT count(*) FROM (SELECT unnest(nutriments) AS entry FROM '${nested}')
      WHERE entry.name = 'salt'
        AND abs(entry."100g" - entry."value" / CASE entry.unit WHEN 'mg' THEN 1000 ELSE 1 END) > 1e-3`);
    expect(wrong).toBe(0);
  });

  it('holds many kinds of product, none of them more than one in ten', async () => {
    const kinds = await query(
      `SELECT count(*) FROM '${flat}' WHERE categories_tags IS NOT NULL GROUP BY categories_tags`,
    );
    expect(kinds.length).toBeGreaterThan(50);
    expect(Math.max(...kinds.map(([count]) => Number(count)))).toBeLessThan(ROWS / 10);
  });

  it.each([
    [{ rows: 0 }, /rows must be a whole number from 1/],
    [{ rows: 1.5 }, /rows must be/],
    [{ rows: 1, seed: -1 }, /seed must be/],
    [{ rows: 1, rowGroupRows: 0 }, /row group rows must be/],
  ])('refuses %o', async (options, message) => {
    await expect(made('refused', options)).rejects.toThrow(message);
  });
});
