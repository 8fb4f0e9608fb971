/**
 * Official grades of many rows.
 *
 * Needed: a category, energy, fat, saturated fat, sugars, salt and protein. Saturated fat is 0 where fat is
 * 0, sugars are 0 where carbohydrates are 0, and water needs none of them. Categories without a
 * Nutri-Score, and those of which only values as prepared count, have no grade.
 *
 * Fibre and fruit share may be absent. The score and grade reported then follow the practice of Open Food
 * Facts: no points for fibre, and for the fruit share those of its category's default, if it has one. The
 * grade is `final` if neither no points nor the most points that they could have change it, and
 * `provisional` otherwise (`docs/adr/0003-provisional-official-grades.md`). The score falls with both, so a
 * grade that is the same at both ends is the same between them.
 */

import { GRADES, type Grade, NO_GRADE, type RulesVersion } from '../../schemas/grade.ts';
import type { OfficialGrade } from '../../schemas/http.ts';
import type { ItemColumns } from '../items/item-columns.ts';
import { type CategoryFacts, categoryFacts } from './category-facts.ts';
import { KIND_NAMES, KINDS, type KindName } from './rules.ts';
import {
  createScoreInput,
  createScoreParts,
  isGradeSettled,
  PROTEIN_REASONS,
  type ScoreInput,
  type ScoreParts,
  scoreInto,
} from './score.ts';

export const OFFICIAL_STATUS = { none: 0, final: 1, provisional: 2 } as const;

export interface OfficialColumns {
  /** `OFFICIAL_STATUS`. */
  readonly status: Uint8Array;
  /** 0 for A to 4 for E; `NO_GRADE` where there is none. */
  readonly grade: Uint8Array;
  /** 0 where there is no grade: read `status` first. */
  readonly score: Int8Array;
}

const input = createScoreInput();
const reported = createScoreParts();

/** Grades all rows; allocates the three columns and nothing a row. */
export function officialGrades(columns: ItemColumns, rules: RulesVersion): OfficialColumns {
  const { rowCount } = columns;
  const status = new Uint8Array(rowCount);
  const grade = new Uint8Array(rowCount).fill(NO_GRADE);
  const score = new Int8Array(rowCount);
  for (let row = 0; row < rowCount; row += 1) {
    const facts = readInput(columns, row, rules, input);
    if (facts === null) continue;
    status[row] = gradeInto(rules, facts, input, reported);
    grade[row] = reported.grade;
    score[row] = reported.score;
  }
  return { status, grade, score };
}

/** Official grade of one row with its points, as the endpoint answers; `null` where there is none. */
export function officialGradeAt(
  columns: ItemColumns,
  row: number,
  rules: RulesVersion,
): OfficialGrade | null {
  const facts = readInput(columns, row, rules, input);
  if (facts === null) return null;
  const parts = createScoreParts();
  const status = gradeInto(rules, facts, input, parts);
  return {
    grade: GRADES[parts.grade] as Grade,
    score: parts.score,
    status: status === OFFICIAL_STATUS.final ? 'final' : 'provisional',
    kind: KIND_NAMES[facts.kind] as KindName,
    points: {
      energy: parts.energy,
      sugars: parts.sugars,
      saturatedFat: parts.saturatedFat,
      salt: parts.salt,
      sweeteners: parts.sweeteners,
      fruitShare: parts.fruitShare,
      fibre: parts.fibre,
      proteins: parts.proteins,
    },
    proteinCounted: parts.isProteinCounted,
    proteinReason: PROTEIN_REASONS[parts.proteinReason] as string,
  };
}

/** Writes what is reported of a row to `parts` and gives its status. */
function gradeInto(rules: RulesVersion, facts: CategoryFacts, given: ScoreInput, parts: ScoreParts): number {
  const isFruitShareKnown = !Number.isNaN(given.fruitShare);
  const isFibreKnown = !Number.isNaN(given.fibre);
  if (!isFruitShareKnown) given.fruitShare = facts.defaultFruitShare;
  scoreInto(rules, given, parts);
  const isFinal = isGradeSettled(rules, given.kind, parts, isFruitShareKnown, isFibreKnown);
  return isFinal ? OFFICIAL_STATUS.final : OFFICIAL_STATUS.provisional;
}

/** Fills `given` from a row and gives the facts of its category; `null` where it has no official grade. */
function readInput(
  columns: ItemColumns,
  row: number,
  rules: RulesVersion,
  given: ScoreInput,
): CategoryFacts | null {
  const facts = categoryFacts(columns.categoryRoles[row] as number, rules);
  if (!isGraded(facts)) return null;
  const { nutrients } = columns;
  const fat = nutrients.fat[row] as number;
  const fruitShare = nutrients.fruitShare[row] as number;
  given.kind = facts.kind;
  given.isSweetened = facts.isSweetened;
  given.fat = fat;
  given.energyKj = nutrients.energyKj[row] as number;
  given.saturatedFat = zeroIfNone(nutrients.saturatedFat[row] as number, fat);
  given.sugars = zeroIfNone(nutrients.sugars[row] as number, nutrients.carbohydrates[row] as number);
  given.salt = nutrients.salt[row] as number;
  given.proteins = nutrients.proteins[row] as number;
  given.fibre = nutrients.fibre[row] as number;
  given.fruitShare = Number.isNaN(facts.fixedFruitShare) ? fruitShare : facts.fixedFruitShare;
  return facts.kind === KINDS.water || hasAllNeeded(given) ? facts : null;
}

function isGraded(facts: CategoryFacts): boolean {
  return facts.isKnown && facts.isApplicable && !facts.isAsPreparedOnly;
}

function hasAllNeeded(given: ScoreInput): boolean {
  const { energyKj, fat, saturatedFat, sugars, salt, proteins } = given;
  // A sum with one `NaN` is `NaN`; opposite infinities never get here, validation rejects them.
  return !Number.isNaN(energyKj + fat + saturatedFat + sugars + salt + proteins);
}

/** A part that is absent is 0 where the whole is 0. */
function zeroIfNone(part: number, whole: number): number {
  return Number.isNaN(part) && whole === 0 ? 0 : part;
}
