import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../local/demo/duckdb.ts';
import { FOOD_RULES } from '../../../local/demo/ifct-categories.ts';
import { writeIfctFoods } from '../../../local/demo/ifct-foods.ts';

type Food = Readonly<Record<string, unknown>>;

let directory: string;
let rows: number;
let foods: readonly Food[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nutrisage-ifct-'));
  const path = join(directory, 'foods.parquet');
  rows = await writeIfctFoods(path);
  foods = await withDuckDb(async (connection) => {
    const read = await connection.runAndReadAll(`SELECT * FROM '${path}'`);
    return read.getRowObjectsJson();
  });
});

afterAll(() => rmSync(directory, { recursive: true }));

function amount(food: Food | undefined, column: string): number {
  return Number(food?.[`${column}_100g`]);
}

/** What any table of foods says, within the spread between varieties; kJ, grams. */
const KNOWN: readonly (readonly [code: string, name: string, column: string, from: number, to: number])[] = [
  ['A015', 'Rice, raw, milled', 'energy', 1450, 1550],
  ['B013', 'Lentil dal', 'proteins', 22, 27],
  ['D046', 'Drumstick', 'fiber', 3, 8],
  ['E001', 'Apple, big', 'sugars', 8, 12],
  ['F006', 'Potato, brown skin, big', 'carbohydrates', 13, 19],
  ['H001', 'Almond', 'saturated-fat', 3.5, 5],
  ['I001', 'Jaggery, cane', 'sugars', 75, 90],
  ['L002', 'Milk, whole, Cow', 'sodium', 0.02, 0.06],
  ['M001', 'Egg, poultry, whole, raw', 'energy', 540, 640],
  ['T001', 'Coconut oil', 'saturated-fat', 80, 95],
];

describe('the Indian food tables as a catalogue', () => {
  it('has every food once', () => {
    expect(rows).toBe(542);
    expect(new Set(foods.map(({ code }) => code)).size).toBe(542);
  });

  it.each(KNOWN)('gives %s (%s) a plausible %s', (code, name, column, from, to) => {
    const food = foods.find((candidate) => candidate['code'] === code);
    expect(food?.['product_name']).toBe(name);
    expect(amount(food, column)).toBeGreaterThanOrEqual(from);
    expect(amount(food, column)).toBeLessThanOrEqual(to);
  });

  it('has no gap in what a grade needs, and all of it in grams but for energy', () => {
    const needed = ['energy', 'fat', 'saturated-fat', 'carbohydrates', 'sugars', 'proteins', 'sodium'];
    for (const food of foods) {
      for (const column of needed) expect(food[`${column}_100g`], `${food['code']} ${column}`).not.toBeNull();
    }
    expect(Math.max(...foods.map((food) => amount(food, 'sodium')))).toBeLessThan(1);
    expect(Math.max(...foods.map((food) => amount(food, 'saturated-fat')))).toBeLessThan(100);
  });

  it('declares the energy of the nutrients for nine foods in ten', () => {
    const agreeing = foods.filter((food) => {
      const computed =
        37 * amount(food, 'fat') +
        17 * (amount(food, 'carbohydrates') + amount(food, 'proteins')) +
        8 * amount(food, 'fiber');
      return Math.abs(computed - amount(food, 'energy')) <= 0.15 * computed + 10;
    });
    expect(agreeing.length / foods.length).toBeGreaterThan(0.9);
  });

  it('gives oils and fats the energy that the tables leave blank', () => {
    const oils = foods.filter(({ code }) => String(code).startsWith('T'));
    expect(oils).toHaveLength(14);
    for (const oil of oils) expect(amount(oil, 'energy')).toBe(3700);
  });

  it('puts each food under exactly one rule of categories', () => {
    for (const { code } of foods) {
      const rules = FOOD_RULES.filter(({ from, to }) => String(code) >= from && String(code) <= to);
      expect(rules, String(code)).toHaveLength(1);
    }
  });

  it.each([
    ['L003', 'en:cheeses'],
    ['O025', 'en:beef'],
    ['T013', 'en:fats'],
    ['H021', 'en:nuts'],
    ['H020', 'en:seeds'],
    ['E033', 'en:fruit-juices'],
  ])('puts %s under %s', (code, tag) => {
    expect(foods.find((food) => food['code'] === code)?.['categories_tags']).toContain(tag);
  });
});
