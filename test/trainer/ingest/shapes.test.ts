import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textAt } from '../../../core/items/item-columns.ts';
import { NUTRIENTS } from '../../../core/items/nutrients.ts';
import type { ItemBatch } from '../../../core/parquet/item-file.ts';
import { CATALOGUE } from '../../../schemas/catalogue.ts';
import { DataCard } from '../../../schemas/data-card.ts';
import { createParser } from '../../../schemas/parse.ts';
import { readItems } from '../../../trainer/ingest/read-items.ts';
import { fixture, productsOf, run } from './ingest-run.ts';

const cardParser = createParser('data card', DataCard);
const FIXTURES = ['official.parquet', 'flat.tsv', 'flat.csv.gz', 'older-dump.csv', 'value-and-unit.csv'];

describe('the ingest', () => {
  it.each(FIXTURES)('writes the card of %s as it was looked at', async (name) => {
    const { out, card } = await run(fixture(name));
    const written = readFileSync(join(out, 'data-card.json'), 'utf8');
    await expect(written).toMatchFileSnapshot(`../../../fixtures/exports/${name}.data-card.json`);
    expect(cardParser.parse(JSON.parse(written))).toEqual(card);
    expect(CATALOGUE['data-card']).toBe(DataCard);
  });

  it('writes a page with the same figures', async () => {
    const { out } = await run(fixture('official.parquet'));
    await expect(readFileSync(join(out, 'DATA_CARD.md'), 'utf8')).toMatchFileSnapshot(
      '../../../fixtures/exports/official.DATA_CARD.md',
    );
  });

  it('gives the same products from the nested export, the tab-separated and the comma-separated one', async () => {
    const [nested, tabs, commas] = await Promise.all(
      ['official.parquet', 'flat.tsv', 'flat.csv.gz'].map(async (name) => {
        const { out } = await run(fixture(name));
        return (await productsOf(out)).map(({ source: _, ...product }) => product);
      }),
    );
    expect(nested).toHaveLength(8);
    expect(tabs).toEqual(nested);
    expect(commas).toEqual(nested);
  });

  it('gives each product the inputs that the grading reader takes from the export itself', async () => {
    const { out } = await run(fixture('official.parquet'));
    await expectSameInputs(fixture('official.parquet'), join(out, 'products.parquet'), 8);
  });

  it('keeps names, lists and text apart', async () => {
    const { out } = await run(fixture('older-dump.csv'));
    const [first] = await productsOf(out);
    expect(first).toMatchObject({
      code: '0200000000011',
      product_name: 'Oat rings "Lune"',
      categories_tags: ['cereals and potatoes', 'breakfast cereals'],
      categories: 'cereals and potatoes,breakfast cereals',
      food_groups_tags: ['breakfast cereals'],
      salt_100g: 0.8,
      nutriscore_grade: null,
      source: 'older-dump',
    });
  });

  it('takes amounts by their units, and none that were entered per serving', async () => {
    const { out, card } = await run(fixture('value-and-unit.csv'));
    const products = await productsOf(out);
    const rings = products.find((product) => product['code'] === 'value-and-unit#1');
    expect(rings).toMatchObject({ energy_100g: 1560.632, salt_100g: 0.8, nutriscore_grade: 'b' });
    expect(products.some((product) => product['product_name'] === 'Goat log')).toBe(false);
    expect(card.sources[0]).toMatchObject({ codes: 'row numbers', gradeRules: '2023' });
  });
});

const REAL_DATA = process.env['NUTRISAGE_REAL_DATA'];

describe.runIf(REAL_DATA !== undefined)('the ingest of real exports', () => {
  it('gives the inputs that the reader takes from the official export itself', async () => {
    const source = `${REAL_DATA}/off-official-2026-04.parquet`;
    const { out, card } = await run(source);
    await expectSameInputs(source, join(out, 'products.parquet'), card.rows.kept);
  });

  it.each([
    ['off-official-2026-04.parquet', '2023'],
    ['off-spain-2025-11.csv', '2023'],
    ['off-2019-raw.csv', 'older'],
    ['off-2017-imputed.csv', 'older'],
  ])('keeps most of %s, whose grades follow the rules of %s', async (name, gradeRules) => {
    const { card } = await run(`${REAL_DATA}/${name}`);
    expect(card.rows.kept).toBeGreaterThan(card.rows.read / 2);
    expect(card.sources[0]).toMatchObject({ gradeRules, unreadableLines: 0 });
    const reported = Object.values(card.labels.reported).reduce((sum, rows) => sum + rows, 0);
    expect(reported > 0).toBe(gradeRules === '2023');
  });
});

async function expectSameInputs(source: string, products: string, expected: number): Promise<void> {
  const { signal } = new AbortController();
  const inputs = new Map<string, unknown[]>();
  for await (const batch of readItems(source, signal)) {
    for (let row = 0; row < batch.rowCount; row += 1) {
      const code = textAt(batch.codes, row);
      inputs.set(code, [...(inputs.get(code) ?? []), inputsAt(batch, row)]);
    }
  }
  let compared = 0;
  for await (const batch of readItems(products, signal)) {
    for (let row = 0; row < batch.rowCount; row += 1) {
      expect(inputs.get(textAt(batch.codes, row))).toContainEqual(inputsAt(batch, row));
      compared += 1;
    }
  }
  expect(compared).toBe(expected);
}

function inputsAt(batch: ItemBatch, row: number) {
  const amounts = NUTRIENTS.map((nutrient) => batch.nutrients[nutrient][row]);
  return [...amounts, batch.categoryRoles[row], batch.foodGroups[row]];
}
