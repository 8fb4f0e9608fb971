import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INPUT_SOURCES } from '../../../core/parquet/input-sources.ts';
import { restoreDecimal, roundProduct } from '../../../core/parquet/restore-decimal.ts';
import { GRADES } from '../../../schemas/grade.ts';
import { ENVIRONMENT } from '../../../schemas/names.ts';
import { queryRows, readItems } from './parquet-files.ts';

const folder = process.env[ENVIRONMENT.realData];

describe.skipIf(folder === undefined)('the official export of April 2026', () => {
  const path = join(folder ?? '', 'off-official-2026-04.parquet');

  it('is read whole, value by value as DuckDB reads it', async () => {
    const bytes = new Uint8Array(await readFile(path));
    const items = await readItems(bytes, { withReportedGrades: true });
    expect(items).toHaveLength(708);

    const amounts = INPUT_SOURCES.map(
      ({ name }) =>
        `list_extract(list_filter(nutriments, n -> n.name = '${name}' AND n."100g" IS NOT NULL), 1)."100g" AS "${name}"`,
    );
    const rows = await queryRows(
      `SELECT code, nutriscore_grade AS grade, ${amounts.join(', ')} FROM '${path}'`,
    );
    let compared = 0;
    rows.forEach((row, index) => {
      const item = items[index];
      expect(item?.code).toBe(row['code']);
      const grade = (GRADES as readonly unknown[]).indexOf(row['grade']);
      expect(item?.reported).toBe(grade === -1 ? 255 : grade);
      const expected: Record<string, number> = {};
      for (const { name, target, factor } of INPUT_SOURCES) {
        const amount = row[name];
        if (typeof amount !== 'number' || target in expected) continue;
        expected[target] =
          factor === 1 ? restoreDecimal(amount) : roundProduct(restoreDecimal(amount) * factor);
      }
      const kcal = expected['energyKcal'];
      if (kcal !== undefined) expected['energyKj'] ??= roundProduct(kcal * 4.184);
      expect(item).toMatchObject(expected);
      compared += Object.keys(expected).length;
    });
    expect(compared).toBeGreaterThan(6_000);
  });
});
