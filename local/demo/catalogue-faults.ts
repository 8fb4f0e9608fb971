/** What is wrong with a made catalogue: values that labels leave out, and rows that are plainly wrong. */

export interface Gap {
  readonly name: string;
  /** Columns that the gap leaves empty. */
  readonly columns: readonly string[];
  /** Share of the rows, near what an April 2026 cut of the official export shows. */
  readonly share: number;
}

export const GAPS: readonly Gap[] = [
  { name: 'fibre', columns: ['fibre'], share: 0.35 },
  { name: 'saturated', columns: ['saturated'], share: 0.15 },
  { name: 'sugars', columns: ['sugars'], share: 0.06 },
  { name: 'salt', columns: ['salt'], share: 0.05 },
  { name: 'energy', columns: ['energy', 'kcal'], share: 0.02 },
  { name: 'fruit estimate', columns: ['fruit'], share: 0.45 },
  { name: 'category', columns: ['categories', 'food_groups'], share: 0.1 },
  {
    name: 'nutrition table',
    columns: [
      'energy',
      'kcal',
      'fat',
      'saturated',
      'carbohydrates',
      'sugars',
      'fibre',
      'proteins',
      'salt',
      'fruit',
      'alcohol',
    ],
    share: 0.03,
  },
];

export interface Fault {
  readonly name: string;
  readonly share: number;
  /** SQL over the declared columns that replaces the column of this name. */
  readonly becomes: Readonly<Record<string, string>>;
}

/**
 * Accidents seen in published files, 3 % of the rows together; a row has one at most.
 * `previous_code` is the code of the row before.
 */
export const FAULTS: readonly Fault[] = [
  { name: 'negative value', share: 0.003, becomes: { sugars: '-0.5 - coalesce(sugars, 0)' } },
  {
    name: 'values per pack',
    share: 0.005,
    becomes: {
      carbohydrates: '106 + 4 * coalesce(carbohydrates, 0)',
      fat: '4 * fat',
      proteins: '4 * proteins',
    },
  },
  {
    name: 'decimal point lost',
    share: 0.004,
    becomes: { fat: '10 * fat', saturated: '10 * saturated', proteins: '10 * proteins' },
  },
  { name: 'kcal in the kJ field', share: 0.004, becomes: { energy: 'kcal' } },
  { name: 'kJ and kcal swapped', share: 0.001, becomes: { energy: 'kcal', kcal: 'energy' } },
  { name: 'not a finite number', share: 0.001, becomes: { proteins: "'Infinity'::DOUBLE" } },
  { name: 'no code', share: 0.002, becomes: { code: 'NULL' } },
  { name: 'code of another product', share: 0.004, becomes: { code: 'previous_code' } },
  {
    name: 'every value zero',
    share: 0.002,
    becomes: {
      energy: '0',
      kcal: '0',
      fat: '0',
      saturated: '0',
      carbohydrates: '0',
      sugars: '0',
      proteins: '0',
      salt: '0',
    },
  },
  { name: 'more saturated fat than fat', share: 0.002, becomes: { saturated: 'coalesce(fat, 0) + 2' } },
  { name: 'milligrams taken for grams', share: 0.002, becomes: { salt: '1000 * salt' } },
];
