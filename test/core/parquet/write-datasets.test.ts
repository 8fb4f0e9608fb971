import { describe, expect, it } from 'vitest';
import { textColumn } from '../../../core/items/item-columns.ts';
import { OFFICIAL_STATUS } from '../../../core/nutriscore/official-grades.ts';
import {
  type GradedColumns,
  OFFICIAL_STATUSES,
  type RejectedColumns,
} from '../../../core/parquet/graded-columns.ts';
import { writeGrades } from '../../../core/parquet/write-grades.ts';
import { writeRejects } from '../../../core/parquet/write-rejects.ts';
import { NO_GRADE } from '../../../schemas/grade.ts';
import { GradeRow, RejectRow } from '../../../schemas/grades-dataset.ts';
import { createParser } from '../../../schemas/parse.ts';
import { queryRows } from './parquet-files.ts';

const WARNINGS = ['energy-far-from-macronutrients', 'salt-and-sodium-disagree', 'sugars-above-carbohydrates'];

function gradedRows(): GradedColumns {
  return {
    rowCount: 3,
    codes: textColumn(['0012', 'Käse', '9']),
    rowNumbers: Float64Array.of(0, 5_000_000_000, 9_007_199_254_740_991),
    grade: Uint8Array.of(0, 4, 2),
    source: Uint8Array.of(0, 1, 0),
    officialStatus: Uint8Array.of(1, 0, 2),
    officialGrade: Uint8Array.of(0, NO_GRADE, 2),
    officialScore: Int8Array.of(-17, 99, 55),
    modelGrade: Uint8Array.of(1, 4, 2),
    probabilities: Float32Array.from({ length: 15 }, (_, index) => index / 16),
    warnings: Uint32Array.of(0, 0b101, 0b010),
    modelVersion: '0123456789abcdef',
  };
}

/** What DuckDB's client gives as bigint is a plain integer in the contract. */
const plainRow = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
  );

async function readParquet(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return (await queryRows(`FROM 'part.parquet' ORDER BY row_number`, { 'part.parquet': bytes })).map(
    plainRow,
  );
}

describe('the names of official statuses', () => {
  it('stand at their numbers', () => {
    expect(OFFICIAL_STATUSES[OFFICIAL_STATUS.none]).toBeNull();
    expect(OFFICIAL_STATUSES[OFFICIAL_STATUS.final]).toBe('final');
    expect(OFFICIAL_STATUSES[OFFICIAL_STATUS.provisional]).toBe('provisional');
    expect(OFFICIAL_STATUSES).toHaveLength(Object.keys(OFFICIAL_STATUS).length);
  });
});

describe('writeGrades', () => {
  it('writes rows as the contract has them, readable by DuckDB', async () => {
    const rows = await readParquet(writeGrades(gradedRows(), WARNINGS));
    const parser = createParser('grade row', GradeRow);
    for (const row of rows) expect(() => parser.parse(row)).not.toThrow();
    expect(rows).toEqual([
      {
        code: '0012',
        row_number: 0,
        grade: 'a',
        grade_source: 'official',
        official_grade: 'a',
        official_score: -17,
        official_status: 'final',
        model_grade: 'b',
        ...{ p_a: 0, p_b: 1 / 16, p_c: 2 / 16, p_d: 3 / 16, p_e: 4 / 16 },
        warnings: null,
        model_version: '0123456789abcdef',
      },
      {
        code: 'Käse',
        row_number: 5_000_000_000,
        grade: 'e',
        grade_source: 'model',
        official_grade: null,
        official_score: null,
        official_status: null,
        model_grade: 'e',
        ...{ p_a: 5 / 16, p_b: 6 / 16, p_c: 7 / 16, p_d: 8 / 16, p_e: 9 / 16 },
        warnings: 'energy-far-from-macronutrients,sugars-above-carbohydrates',
        model_version: '0123456789abcdef',
      },
      {
        code: '9',
        row_number: 9_007_199_254_740_991,
        grade: 'c',
        grade_source: 'official',
        official_grade: 'c',
        official_score: 55,
        official_status: 'provisional',
        model_grade: 'c',
        ...{ p_a: 10 / 16, p_b: 11 / 16, p_c: 12 / 16, p_d: 13 / 16, p_e: 14 / 16 },
        warnings: 'salt-and-sodium-disagree',
        model_version: '0123456789abcdef',
      },
    ]);
  });

  it('has the columns of the contract in their order, and types that every part of the dataset shares', async () => {
    const withoutNulls: GradedColumns = {
      ...gradedRows(),
      officialStatus: Uint8Array.of(1, 1, 1),
      officialGrade: Uint8Array.of(0, 0, 0),
      warnings: Uint32Array.of(1, 1, 1),
    };
    const schemaOf = (bytes: Uint8Array) =>
      queryRows(`SELECT name, type, repetition_type, converted_type FROM parquet_schema('part.parquet')`, {
        'part.parquet': bytes,
      });
    const schema = await schemaOf(writeGrades(gradedRows(), WARNINGS));
    expect(schema.slice(1).map(({ name }) => name)).toEqual(Object.keys(GradeRow.properties));
    expect(await schemaOf(writeGrades(withoutNulls, WARNINGS))).toEqual(schema);
  });

  it('gives the same bytes for the same columns, in zstd and with one metadata entry at most', async () => {
    const bytes = writeGrades(gradedRows(), WARNINGS);
    for (let repeat = 0; repeat < 5; repeat += 1) {
      expect(Buffer.from(writeGrades(gradedRows(), WARNINGS)).equals(bytes)).toBe(true);
    }
    const files = { 'part.parquet': bytes };
    expect(
      await queryRows(`SELECT DISTINCT compression FROM parquet_metadata('part.parquet')`, files),
    ).toEqual([{ compression: 'ZSTD' }]);
    expect((await queryRows(`FROM parquet_kv_metadata('part.parquet')`, files)).length).toBeLessThanOrEqual(
      1,
    );
  });

  it('writes a part without rows', async () => {
    const none = new Uint8Array();
    const bytes = writeGrades(
      {
        rowCount: 0,
        codes: textColumn([]),
        rowNumbers: new Float64Array(),
        ...{ grade: none, source: none, officialStatus: none, officialGrade: none, modelGrade: none },
        officialScore: new Int8Array(),
        probabilities: new Float32Array(),
        warnings: new Uint32Array(),
        modelVersion: '0123456789abcdef',
      },
      WARNINGS,
    );
    expect(await readParquet(bytes)).toEqual([]);
  });

  it('refuses a grade that is none and a warning without a name', () => {
    expect(() => writeGrades({ ...gradedRows(), grade: Uint8Array.of(0, NO_GRADE, 1) }, WARNINGS)).toThrow(
      'grade has',
    );
    expect(() => writeGrades({ ...gradedRows(), warnings: Uint32Array.of(0, 0, 8) }, WARNINGS)).toThrow(
      'beyond the 3 names',
    );
  });

  it('names all of 32 warnings', async () => {
    const names = Array.from({ length: 32 }, (_, bit) => `w${bit}`);
    const graded = { ...gradedRows(), warnings: Uint32Array.of(0x80000001, 0xffffffff, 0) };
    const rows = await readParquet(writeGrades(graded, names));
    expect(rows.map(({ warnings }) => warnings)).toEqual(['w0,w31', names.join(','), null]);
  });
});

describe('writeRejects', () => {
  const rejected: RejectedColumns = {
    rowCount: 3,
    codes: textColumn(['0012', '', '9']),
    rowNumbers: Float64Array.of(4, 7, 8),
    reasons: Uint32Array.of(1, 2, 3),
    values: textColumn(['{"fat":-1}', '{}', '{"salt":"Infinity","fat":101}']),
  };
  const reasons = ['negative-value', 'code-missing'];

  it('writes rows as the contract has them, without a code where there was none', async () => {
    const rows = await readParquet(writeRejects(rejected, reasons));
    const parser = createParser('reject row', RejectRow);
    for (const row of rows) expect(() => parser.parse(row)).not.toThrow();
    expect(rows).toEqual([
      { code: '0012', row_number: 4, reasons: 'negative-value', values: '{"fat":-1}' },
      { code: null, row_number: 7, reasons: 'code-missing', values: '{}' },
      {
        code: '9',
        row_number: 8,
        reasons: 'negative-value,code-missing',
        values: '{"salt":"Infinity","fat":101}',
      },
    ]);
  });

  it('gives the same bytes for the same columns', () => {
    expect(Buffer.from(writeRejects(rejected, reasons)).equals(writeRejects(rejected, reasons))).toBe(true);
  });

  it('refuses a row without a reason', () => {
    expect(() => writeRejects({ ...rejected, reasons: Uint32Array.of(1, 0, 1) }, reasons)).toThrow(
      'reasons has',
    );
  });
});
