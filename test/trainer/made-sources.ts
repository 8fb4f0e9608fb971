/** Made files in the shapes of the trainer's sources, for tests. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, type Random } from '../../trainer/random.ts';

const SPAIN_HEADER =
  'column00,categories,nutrition_data_per,energy-kcal_value,energy-kcal_unit,fat_value,fat_unit,saturated-fat_value,' +
  'saturated-fat_unit,carbohydrates_value,sugars_value,proteins_value,salt_value,salt_unit,energy_value,energy_unit,' +
  'off:food_groups_tags,off:nutriscore_grade';
const IMPUTED_HEADER =
  'row,energy_100g,fat_100g,saturated-fat_100g,carbohydrates_100g,sugars_100g,fiber_100g,proteins_100g,salt_100g,score';
const RAW_HEADER =
  'categories,nutrition_grade_fr,pnns_groups_2,energy_100g,saturated-fat_100g,sugars_100g,fiber_100g,proteins_100g,' +
  'sodium_100g';

interface Nutrition {
  readonly fat: number;
  readonly saturatedFat: number;
  readonly carbohydrates: number;
  readonly sugars: number;
  readonly fibre: number;
  readonly proteins: number;
  readonly salt: number;
  readonly energyKj: number;
}

function nutrition(random: Random): Nutrition {
  const upTo = (grams: number): number => Math.round(random.next() * grams * 10) / 10;
  const fat = upTo(30);
  const carbohydrates = upTo(40);
  const [fibre, proteins] = [upTo(8), upTo(15)];
  return {
    fat,
    saturatedFat: Math.round(fat * random.next() * 10) / 10,
    carbohydrates,
    sugars: Math.round(carbohydrates * random.next() * 10) / 10,
    fibre,
    proteins,
    salt: upTo(2),
    energyKj: Math.round(37 * fat + 17 * (carbohydrates + proteins) + 8 * fibre),
  };
}

/** A folder with `count` rows for each of three sources; the same seed gives the same bytes. */
export function madeSources(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'nutrisage-sources-'));
  const random = createRandom(5, 'sources');
  const rows = (line: (values: Nutrition, row: number) => string): string =>
    Array.from({ length: count }, (_, row) => line(nutrition(random), row)).join('\n');
  const spain = rows((of, row) => {
    const kcal = Math.round(of.energyKj / 4.184);
    const [value, unit] = row % 2 === 0 ? [kcal, 'kcal'] : [of.energyKj, 'kJ'];
    const [salt, saltUnit] = row % 3 === 0 ? [of.salt * 1000, 'mg'] : [of.salt, 'g'];
    const grade = 'abcde'[Math.floor(of.energyKj / 450)] ?? 'e';
    return `${row},en:cheeses,100g,${kcal},kcal,${of.fat},g,${of.saturatedFat},g,${of.carbohydrates},${of.sugars},${of.proteins},${salt},${saltUnit},${value},${unit},en:cheese,${grade}`;
  });
  const imputed = rows(
    (of, row) =>
      `${row},${of.energyKj},${of.fat},${of.saturatedFat},${of.carbohydrates},${of.sugars},${of.fibre},${of.proteins},${of.salt},A`,
  );
  const raw = rows(
    (of) =>
      `Pizzas,a,Pizza pies and quiche,${of.energyKj},${of.saturatedFat},${of.sugars},${of.fibre},${of.proteins},${of.salt / 2.5}`,
  );
  // A row per serving and one that no product can have.
  const odd = 'x,en:cheeses,serving,100,kcal,1,g,1,g,1,1,1,1,g,100,kcal,en:cheese,a';
  const impossible = 'y,en:cheeses,100g,100,kcal,200,g,1,g,1,1,1,1,g,100,kcal,en:cheese,a';
  writeFileSync(join(folder, 'off-spain-made.csv'), `${SPAIN_HEADER}\n${spain}\n${odd}\n${impossible}\n`);
  writeFileSync(join(folder, 'off-2017-imputed-made.csv'), `${IMPUTED_HEADER}\n${imputed}\n`);
  writeFileSync(join(folder, 'off-2019-raw-made.csv'), `${RAW_HEADER}\n${raw}\n`);
  writeFileSync(join(folder, 'other.csv'), 'a,b\n1,2\n');
  return folder;
}
