import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobSummary } from '../../schemas/job-summary.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { type Desk, openDesk, SHIPPED_MODEL } from './harness.ts';

const folder = process.env[ENVIRONMENT.realData];
const reason =
  folder === undefined ? ` (not run: ${ENVIRONMENT.realData} does not name the folder of real rows)` : '';
const REQUIRED = ['energyKj', 'fat', 'saturated-fat', 'sugars', 'salt', 'proteins', 'fiber'];

describe.skipIf(folder === undefined)(`real rows of Open Food Facts' official export${reason}`, () => {
  const file = join(folder ?? '', 'off-official-2026-04.parquet');
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk({ modelFolder: SHIPPED_MODEL });
  });
  afterAll(() => desk.close());

  it('are all graded or rejected', async () => {
    const { code, stdout, stderr } = await desk.nutrisage('submit', file, '--wait', '--json');
    expect(code, stderr).toBe(0);
    const { counts } = createParser('the summary', JobSummary).parse(JSON.parse(stdout).summary);
    expect(counts.rows).toBe(708);
    expect(counts.graded + counts.rejected).toBe(708);
  });

  it('have the official grade that Open Food Facts computed where the inputs are complete, on 97 % at least', async () => {
    const names = REQUIRED.map((name) => (name === 'energyKj' ? 'energy' : name));
    const given = names
      .map((name) => `len(list_filter(o.nutriments, n -> n.name = '${name}' AND n."100g" IS NOT NULL)) > 0`)
      .join(' AND ');
    const [read] = await desk.query(`
      SELECT count(*)::INTEGER AS n, count_if(g.official_grade = o.nutriscore_grade)::INTEGER AS same
      FROM {grades} g JOIN read_parquet('${file}') o USING (code)
      WHERE o.nutriscore_grade IN ('a', 'b', 'c', 'd', 'e') AND ${given}`);
    const { n, same } = read as { n: number; same: number };
    expect(n).toBeGreaterThan(200);
    expect(same / n).toBeGreaterThanOrEqual(0.97);
  });
});
