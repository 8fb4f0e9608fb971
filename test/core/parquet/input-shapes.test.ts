import { describe, expect, it } from 'vitest';
import type { NutrisageError } from '../../../core/errors.ts';
import { planInput, plannedLeaves } from '../../../core/parquet/input-shapes.ts';
import { dotted, namedLeaves } from '../../../core/parquet/leaf-paths.ts';
import type { Mapping } from '../../../schemas/mapping.ts';

const plan = (columns: readonly string[], mapping?: Mapping) =>
  planInput(namedLeaves(columns.map((column) => column.split('/'))), {
    name: 'in.parquet',
    withReportedGrades: false,
    ...(mapping === undefined ? {} : { mapping }),
  });

const readOf = (columns: readonly string[], mapping?: Mapping) =>
  plannedLeaves(plan(columns, mapping)).map(dotted);

function refusalOf(columns: readonly string[], mapping?: Mapping): NutrisageError {
  try {
    plan(columns, mapping);
  } catch (error) {
    return error as NutrisageError;
  }
  throw new Error('The columns were taken.');
}

describe('planInput', () => {
  it('recognises the export however its writer spells lists', () => {
    for (const way of ['list/element', 'bag/array_element', 'list/item', 'array', 'element', 'list/array']) {
      const columns = ['code', `nutriments/${way}/name`, `nutriments/${way}/value`, `nutriments/${way}/100g`];
      const spelled = `nutriments.${way.replaceAll('/', '.')}`;
      expect(plan(columns).shape).toBe('official export');
      expect(readOf(columns)).toEqual(['code', `${spelled}.name`, `${spelled}.100g`]);
    }
  });

  it('reads the needed columns only', () => {
    expect(readOf(['url', 'code', 'fat_100g', 'vitamin-a_100g', 'nutriscore_grade'])).toEqual([
      'code',
      'fat_100g',
    ]);
  });

  it('prefers the tags to the names of categories, and the very name to one that resembles it', () => {
    expect(readOf(['code', 'fat_100g', 'categories', 'categories_tags/list/element'])).toEqual([
      'code',
      'categories_tags.list.element',
      'fat_100g',
    ]);
    expect(readOf(['code', 'saturated_fat_100g', 'saturated-fat_100g'])).toEqual([
      'code',
      'saturated-fat_100g',
    ]);
  });

  it('refuses a file without a product code, and suggests which column it may be', () => {
    const error = refusalOf(['ean', 'fat_100g']);
    expect(error.code).toBe('unrecognised-columns');
    expect(error.message).toBe(
      'in.parquet has no product code (column code). Found: ean, fat_100g; "ean" looks like code.',
    );
    expect(error.remedy).toContain('mapping file');
  });

  it('refuses a file without nutrients, and suggests which columns they may be', () => {
    const error = refusalOf(['code', 'Protein', 'calories', 'saturates', 'colour']);
    expect(error.code).toBe('unrecognised-columns');
    expect(error.message).toContain('"Protein" looks like proteins_100g');
    expect(error.message).toContain('"calories" looks like energy-kcal_100g');
    expect(error.message).toContain('"saturates" looks like saturated-fat_100g');
    expect(error.message).not.toContain('"colour" looks like');
    expect(refusalOf(['code', 'colour']).message).toBe(
      'in.parquet has no nutrient column. Found: code, colour.',
    );
  });

  it('names twenty columns of a wide file and counts the others', () => {
    const columns = Array.from({ length: 30 }, (_, index) => `c${index}`);
    expect(refusalOf(columns).message).toContain('c19 and 10 more');
  });

  it('refuses names that two columns could be', () => {
    const alike = refusalOf(['code', 'saturated_fat_100g', 'Saturated-Fat_100g']);
    expect(alike.code).toBe('unrecognised-columns');
    expect(alike.message).toContain('2 columns that could be saturated-fat_100g');
    expect(refusalOf(['code', 'code', 'fat_100g']).message).toContain(
      '2 columns that could be code: code, code',
    );
  });

  it('refuses a mapping with every fault at once', () => {
    const error = refusalOf(['sku', 'fatt', 'na'], {
      columns: {
        code: 'SKU_number',
        fat_100g: 'fat',
        sugar_100g: 'na',
        sodium_100g: { column: 'na', unit: 'kJ' },
      },
    });
    expect(error.code).toBe('mapping-mismatch');
    expect(error.message).toBe(
      'The mapping does not fit in.parquet: code is mapped to "SKU_number", which the file has not, ' +
        'fat_100g is mapped to "fat", which the file has not (it has "fatt"), ' +
        'sugar_100g is no input (sugars_100g is), sodium_100g cannot be in kJ.',
    );
    expect(error.remedy).toContain('sku, fatt, na');
  });

  it('combines the factors of unit and source', () => {
    const { numbers } = plan(['code', 'na'], { columns: { sodium_100g: { column: 'na', unit: 'mg' } } });
    expect(numbers).toMatchObject([{ source: { target: 'salt' }, factor: 0.0025 }]);
  });

  const sourcesOf = (columns: readonly string[], mapping: Mapping) =>
    plan(columns, mapping).numbers.map(({ source, path }) => `${source.name} from ${dotted(path)}`);

  it('reads a mapped nutrient from its column alone, whatever the file has under the usual names', () => {
    const mapping = { columns: { 'energy-kj_100g': 'energie_kj', sodium_100g: 'natrium' } };
    const columns = ['code', 'energy_100g', 'energie_kj', 'salt_100g', 'natrium', 'fat_100g'];
    expect(sourcesOf(columns, mapping)).toEqual([
      'energy-kj from energie_kj',
      'fat from fat_100g',
      'sodium from natrium',
    ]);
  });

  it('takes energy in kJ and in kcal for one nutrient, since kcal is used where kJ is absent', () => {
    const mapping = { columns: { 'energy-kcal_100g': 'energy_100g' } };
    expect(sourcesOf(['code', 'energy_100g', 'fat_100g'], mapping)).toEqual([
      'energy-kcal from energy_100g',
      'fat from fat_100g',
    ]);
  });

  it('reads a column that the mapping names as what the mapping says alone', () => {
    const mapping = { columns: { 'saturated-fat_100g': 'fat_100g' } };
    expect(sourcesOf(['code', 'fat_100g'], mapping)).toEqual(['saturated-fat from fat_100g']);
  });

  it('takes two mapped sources of one nutrient in the order of their rank', () => {
    const mapping = { columns: { sodium_100g: 'na', salt_100g: 'sel' } };
    expect(sourcesOf(['code', 'na', 'sel'], mapping)).toEqual(['salt from sel', 'sodium from na']);
  });

  it('looks for no unmapped source of a mapped nutrient, so that two alike are no fault', () => {
    const columns = ['code', 'kj', 'energy_kj_100g', 'Energy-kJ_100g'];
    expect(sourcesOf(columns, { columns: { energy_100g: 'kj' } })).toEqual(['energy from kj']);
  });

  it('refuses an input that is mapped twice under two spellings', () => {
    const twice = refusalOf(['code', 'a', 'b', 'c', 'd'], {
      columns: { fat_100g: 'a', FAT_100G: 'b', categories: 'c', categories_tags: 'd' },
    });
    expect(twice.code).toBe('mapping-mismatch');
    expect(twice.message).toContain('fat_100g and FAT_100G are one input');
    expect(twice.message).toContain('categories and categories_tags are one input');
  });
});
