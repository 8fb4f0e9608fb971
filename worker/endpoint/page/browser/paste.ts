/** Reads what people paste: the text of a nutrition table, or an item as JSON. Knows no page, so that tests run it as it is. */

/** Values of the form's fields by their names. */
export type FieldValues = Record<string, string>;

interface Row {
  readonly field: string;
  readonly words: RegExp;
}

/** Parts before their wholes: "of which sugars" stands in the row of carbohydrates where lines are lost. */
const ROWS: readonly Row[] = [
  { field: 'saturatedFat', words: /satur|ges[äa]ttigt/i },
  { field: 'sugars', words: /sugars?|sucres?|zucker|az[úu]car/i },
  { field: 'carbohydrates', words: /carbohydrate|carbs|glucides|kohlenhydrat|hidratos|carbohidrato/i },
  { field: 'fibre', words: /fib(?:re|er)|ballaststoff|fibra/i },
  { field: 'proteins', words: /protein|prot[ée]ine|eiwei[ßs]|prote[íi]na/i },
  { field: 'salt', words: /\bsalt\b|\bsel\b|\bsalz\b|\bsal\b/i },
  { field: 'fruitShare', words: /fruit|obst|fruta/i },
  { field: 'fat', words: /\bfat\b|mati[èe]res? grasses?|\blipides\b|\bfett\b|\bgrasas?\b/i },
];
const SODIUM = /sodium|natrium|sodio/i;
const SALT_PER_SODIUM = 2.5;
const NUMBER = '(\\d+(?:[.,]\\d+)?)';
const KJ = new RegExp(`${NUMBER}\\s*kj`, 'i');
const KCAL = new RegExp(`${NUMBER}\\s*(?:kcal|cal\\b)`, 'i');
const AMOUNT = new RegExp(`[<~]?\\s*${NUMBER}\\s*(mg|g|%)?`, 'i');

/** What each flat name of Open Food Facts is called in the form. */
const FLAT_NAMES: Readonly<Record<string, string>> = {
  categories_tags: 'categories',
  energy_100g: 'energyKj',
  'energy-kj_100g': 'energyKj',
  'energy-kcal_100g': 'energyKcal',
  fat_100g: 'fat',
  'saturated-fat_100g': 'saturatedFat',
  carbohydrates_100g: 'carbohydrates',
  sugars_100g: 'sugars',
  fiber_100g: 'fibre',
  proteins_100g: 'proteins',
  salt_100g: 'salt',
  'fruits-vegetables-legumes_100g': 'fruitShare',
};

/** @param fields names of the form's own fields; @returns nothing where nothing of a label is in the text */
export function readPasted(text: string, fields: readonly string[]): FieldValues {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? readJson(trimmed, fields) : readLabel(trimmed);
}

function readJson(text: string, fields: readonly string[]): FieldValues {
  let item: unknown;
  try {
    item = JSON.parse(text);
  } catch {
    return {};
  }
  const values: FieldValues = {};
  for (const [name, value] of Object.entries(item as Readonly<Record<string, unknown>>)) {
    const field = FLAT_NAMES[name] ?? name;
    if (!fields.includes(field) || value === null) continue;
    values[field] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return values;
}

function readLabel(text: string): FieldValues {
  const values: FieldValues = {};
  const kj = KJ.exec(text)?.[1];
  const kcal = KCAL.exec(text)?.[1];
  if (kj !== undefined) values['energyKj'] = kj;
  if (kcal !== undefined) values['energyKcal'] = kcal;
  for (const part of text.split(/\n|;|(?<=\d\s*(?:g|mg|%)),/i)) {
    const field = ROWS.find(({ words }) => words.test(part))?.field;
    const isSodium = field === undefined && SODIUM.test(part);
    const found = AMOUNT.exec(part.replace(KJ, '').replace(KCAL, ''));
    if (found === null || (field === undefined && !isSodium)) continue;
    const amount = decimal(found[1] ?? '') * (found[2]?.toLowerCase() === 'mg' ? 0.001 : 1);
    const name = field ?? 'salt';
    values[name] ??= String(Number((isSodium ? amount * SALT_PER_SODIUM : amount).toPrecision(6)));
  }
  return values;
}

/** A number as people write it, with a point or a comma; NaN where it is none. */
export function decimal(text: string): number {
  const plain = text.trim().replace(',', '.');
  return /^\d*\.?\d+$|^\d+\.$/.test(plain) ? Number(plain) : Number.NaN;
}
