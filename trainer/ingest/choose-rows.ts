/** Which staged rows are kept, and why the others are not: the cleaning policy (docs/ingest.md). */
import { codesOf, REJECT_CODES, rejectMask } from '../../core/validation/codes.ts';
import { validate } from '../../core/validation/validate.ts';
import type { DroppedRows } from '../../schemas/data-card.ts';
import type { Database } from './database.ts';
import { readItems } from './read-items.ts';
import { sqlText } from './sql-text.ts';

export interface ChoiceOptions {
  readonly sample?: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Staged rows without a code are dropped anyhow: their faults need no record. */
const NO_CODE = rejectMask('missing-code');
const NOTHING_TO_GRADE = rejectMask('nothing-to-grade');

/** Judges every staged row by core/validation into the table `verdicts`: row number and reject bits. */
export async function judgeRows(
  database: Database,
  staged: string,
  signal: AbortSignal,
  onRows: (done: number) => void,
): Promise<void> {
  await database.run('CREATE TABLE verdicts (row_number INTEGER, rejects UINTEGER)');
  const verdicts = await database.openPairs('verdicts');
  try {
    let done = 0;
    for await (const batch of readItems(staged, signal)) {
      const { rejects } = validate(batch);
      for (let row = 0; row < rejects.length; row += 1) {
        const mask = rejects[row] as number;
        if (mask !== 0 && (mask & NO_CODE) === 0) verdicts.append(done + row, mask);
      }
      done += batch.rowCount;
      onRows(done);
    }
  } finally {
    verdicts.close();
  }
}

/**
 * Fills the tables `chosen` (row number, source, reason it is dropped for) and `kept` (row numbers). A reason is
 * the first that applies; of rows with one code the most recently modified stays, else the one with the most
 * inputs, else the first. The sample is of rows that may stay: those with the smallest hashes of seed and code,
 * so that a longer source moves few of them.
 */
export async function chooseRows(database: Database, staged: string, options: ChoiceOptions): Promise<void> {
  const { sample, seed } = options;
  await database.run(`CREATE TABLE chosen AS
    SELECT row_number, code, source, rejects, has_withheld_grade, CASE
      WHEN code IS NULL THEN 'noCode'
      WHEN NOT is_of_country THEN 'wrongCountry'
      WHEN copy > 1 THEN 'duplicateCode'
      WHEN (coalesce(rejects, 0) & ${NOTHING_TO_GRADE}) <> 0 THEN 'noUsableNutrient'
      WHEN rejects IS NOT NULL THEN 'rejected'
    END AS reason
    FROM (
      SELECT file_row_number AS row_number, code, source, is_of_country, has_withheld_grade, row_number() OVER (
        PARTITION BY code, is_of_country
        ORDER BY modified DESC NULLS LAST, inputs_given DESC, file_row_number
      ) AS copy
      FROM read_parquet(${sqlText(staged)}, file_row_number = true)
    ) LEFT JOIN verdicts USING (row_number)`);
  const drawn = sample === undefined ? '' : `ORDER BY md5(${seed} || ':' || code), code LIMIT ${sample}`;
  await database.run(`CREATE TABLE kept AS SELECT row_number FROM chosen WHERE reason IS NULL ${drawn}`);
}

export interface Choice {
  readonly dropped: Omit<DroppedRows, 'unreadableLine'>;
  readonly kept: number;
  readonly rejectReasons: Readonly<Record<string, number>>;
  readonly bySource: ReadonlyMap<string, SourceChoice>;
}

export interface SourceChoice {
  readonly rows: number;
  readonly kept: number;
  readonly gradesWithheld: number;
}

export async function countChoice(database: Database): Promise<Choice> {
  const reasons = await database.rows(
    'SELECT reason, count(*)::DOUBLE AS row_count FROM chosen WHERE reason IS NOT NULL GROUP BY reason',
  );
  const masks = await database.rows(
    `SELECT rejects, count(*)::DOUBLE AS row_count FROM chosen WHERE reason = 'rejected' GROUP BY rejects`,
  );
  const sources = await database.rows(`SELECT source, count(*)::DOUBLE AS row_count,
    count(kept.row_number)::DOUBLE AS kept_count, count_if(has_withheld_grade)::DOUBLE AS withheld_count
    FROM chosen LEFT JOIN kept USING (row_number) GROUP BY source`);
  const countOf = (reason: keyof DroppedRows) =>
    Number(reasons.find((row) => row['reason'] === reason)?.['row_count'] ?? 0);
  const bySource = new Map(
    sources.map((row) => [
      String(row['source']),
      {
        rows: Number(row['row_count']),
        kept: Number(row['kept_count']),
        gradesWithheld: Number(row['withheld_count']),
      },
    ]),
  );
  const kept = [...bySource.values()].reduce((sum, source) => sum + source.kept, 0);
  const rows = [...bySource.values()].reduce((sum, source) => sum + source.rows, 0);
  const named = {
    noCode: countOf('noCode'),
    wrongCountry: countOf('wrongCountry'),
    duplicateCode: countOf('duplicateCode'),
    noUsableNutrient: countOf('noUsableNutrient'),
    rejected: countOf('rejected'),
  };
  const notSampled = rows - kept - Object.values(named).reduce((sum, count) => sum + count, 0);
  return { dropped: { ...named, notSampled }, kept, rejectReasons: reasonCounts(masks), bySource };
}

/** In the order of the codes, so that equal counts are equal bytes. */
function reasonCounts(masks: readonly Readonly<Record<string, unknown>>[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of masks) {
    for (const code of codesOf(REJECT_CODES, Number(row['rejects']))) {
      counts.set(code, (counts.get(code) ?? 0) + Number(row['row_count']));
    }
  }
  return Object.fromEntries(
    REJECT_CODES.flatMap((code) => {
      const count = counts.get(code);
      return count === undefined ? [] : [[code, count]];
    }),
  );
}
