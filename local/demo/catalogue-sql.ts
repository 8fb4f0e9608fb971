/**
 * The SQL that makes a catalogue of products. Every value is a function of (seed, row) alone, by a hash: so
 * equal seeds give equal rows, the first rows of a large catalogue are the rows of a small one, and nothing
 * has to be held in memory. Columns made in TypeScript and appended took 11 times longer.
 *
 * Steps, each a common table expression that adds to the one before:
 * `drawn` (what kind of product, how much of each nutrient), `balanced` (nutrients fit in 100 g),
 * `declared` (rounded as labels round, energy computed), `gapped` (what is not declared), `dirty` (faults).
 */
import { FAULTS, GAPS } from './catalogue-faults.ts';
import { sqlValue } from './duckdb.ts';

/** Independent random numbers of one row. 128 a row at most: the row number is shifted by 7 bits. */
const DRAWS = [
  'archetype',
  'fat',
  'saturated',
  'carbohydrates',
  'sugars',
  'fibre',
  'proteins',
  'salt',
  'fruit',
  'brand',
  'quality',
  'language',
  'unit',
  'saltUnit',
  'energyKj',
  'perServing',
  'order',
  'time',
  'scans',
  'fault',
  ...GAPS.map(({ name }) => `gap of ${name}` as const),
] as const;
export type Draw = (typeof DRAWS)[number];

export const SEED_MAX = 2 ** 19 - 1;
export const ROWS_MAX = 2 ** 37;

/** 53 random bits of (seed, row, draw) as BIGINT. One number a hash: hashes of tuples are not independent. */
function bits(seed: number, draw: Draw): string {
  return `(hash((${seed}::UBIGINT << 44) | (i::UBIGINT << 7) | ${DRAWS.indexOf(draw)}::UBIGINT) >> 11)::BIGINT`;
}

/** Uniform in [0, 1). */
function uniform(seed: number, draw: Draw): string {
  return `(${bits(seed, draw)} / 9007199254740992.0)`;
}

/**
 * About normal, mean 0, variance 1, within ±3.5: the sum of four uniforms of 13 bits. `ln` and `cos` would
 * be nearer, but their last digit differs between platforms, and equal seeds must give equal files.
 */
function normal(seed: number, draw: Draw): string {
  const parts = [0, 13, 26, 39].map((shift) => `((${bits(seed, draw)} >> ${shift}) & 8191)`);
  return `((${parts.join(' + ')}) / 8191.0 - 2) * 1.7320508`;
}

/** One of a list of texts. */
function oneOf(seed: number, draw: Draw, texts: readonly string[]): string {
  return `${sqlValue(texts)}[1 + ${bits(seed, draw)} % ${texts.length}]`;
}

const BRANDS = 'Alder Creek,Bonne Table,Casa Verde,Dorfmühle,Ever Field,Fjordgut,Golden Mill,Hafenküche,Isola,Jolie Cuisine,Kernhof,La Huerta,Moulin Bleu,North Quay,Olivar,Prairie Lane,Quinta Nova,Rosenhof,Sol y Mar,Terra Buona'.split(
  ',',
);
const QUALITIES = ['', 'Organic ', 'Classic ', 'Family ', 'Light ', "Grandma's ", 'Premium ', 'Mini '];
const LANGUAGES = ['en', 'fr', 'fr', 'fr', 'de', 'de', 'es', 'es', 'it', 'en'];
