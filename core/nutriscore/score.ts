/**
 * Points, score and grade of one product under one version of the rules, from plain numbers.
 *
 * The hot path writes into an object that the caller reuses: nothing is allocated per row. Absent inputs are
 * `NaN` and have no points; what may be absent is decided in `official-grades.ts`.
 */
import type { RulesVersion } from '../../schemas/grade.ts';
import { createPointScale, type PointScale, pointsOf } from './points.ts';
import { KINDS, type Kind, type KindRules, type Rules } from './rules.ts';
import { RULES_2021 } from './rules-2021.ts';
import { RULES_2023 } from './rules-2023.ts';

/** Per 100 g or 100 ml; grams, kJ and % as in `ItemColumns`. */
export interface ScoreInput {
  kind: Kind;
  energyKj: number;
  fat: number;
  saturatedFat: number;
  sugars: number;
  salt: number;
  fibre: number;
  proteins: number;
  fruitShare: number;
  isSweetened: boolean;
}

export const PROTEIN_REASONS = [
  'Protein always counts for a beverage.',
  'Protein always counts for a cheese.',
  'Protein counts: there are fewer than 11 unfavourable points.',
  'Protein counts: there are fewer than 7 unfavourable points.',
  'Protein counts: the share of fruit and vegetables has the most points possible.',
  'Protein does not count: there are 11 unfavourable points or more.',
  'Protein does not count: there are 7 unfavourable points or more.',
] as const;

/** Indices into `PROTEIN_REASONS`. */
const REASON = {
  beverage: 0,
  cheese: 1,
  below11: 2,
  below7: 3,
  fruitAtMaximum: 4,
  notBelow11: 5,
  notBelow7: 6,
} as const;

export interface ScoreParts {
  energy: number;
  sugars: number;
  saturatedFat: number;
  salt: number;
  sweeteners: number;
  fruitShare: number;
  fibre: number;
  /** Points that the protein has, whether or not they count. */
  proteins: number;
  unfavourable: number;
  isProteinCounted: boolean;
  /** Index into `PROTEIN_REASONS`. */
  proteinReason: number;
  score: number;
  /** 0 for A to 4 for E. */
  grade: number;
}

/** Tables of one kind, ready for comparison. */
interface KindScales {
  readonly rules: KindRules;
  readonly energy: PointScale;
  readonly sugars: PointScale;
  readonly saturatedFat: PointScale;
  readonly salt: PointScale;
  readonly fruitShare: PointScale;
  readonly fibre: PointScale;
  readonly proteins: PointScale;
}

function createKindScales(rules: KindRules): KindScales {
  return {
    rules,
    energy: createPointScale(rules.energy),
    sugars: createPointScale(rules.sugars),
    saturatedFat: createPointScale(rules.saturatedFat),
    salt: createPointScale(rules.salt),
    fruitShare: createPointScale(rules.fruitShare),
    fibre: createPointScale(rules.fibre),
    proteins: createPointScale(rules.proteins),
  };
}

/** By version, then by `Kind`. */
const SCALES: Readonly<Record<RulesVersion, Readonly<Record<Kind, KindScales>>>> = {
  '2023': compile(RULES_2023),
  '2021': compile(RULES_2021),
};

function compile({ kinds }: Rules): Readonly<Record<Kind, KindScales>> {
  return {
    [KINDS.food]: createKindScales(kinds.food),
    [KINDS.beverage]: createKindScales(kinds.beverage),
    [KINDS.water]: createKindScales(kinds.water),
    [KINDS.fat]: createKindScales(kinds.fat),
    [KINDS.cheese]: createKindScales(kinds.cheese),
    [KINDS.redMeat]: createKindScales(kinds.redMeat),
  };
}

/** kJ per gram of fat. */
const KJ_PER_G_FAT = 37;
/** Lifts a quotient over the error of its division, far below the step of any declared decimals. */
const QUOTIENT_SLACK = 1 + 1e-12;

/** Saturated fat as a share of all fat, in %; all of it where fat is absent or 0 but saturated fat is not. */
function saturatedRatio(saturatedFat: number, fat: number): number {
  if (!(saturatedFat > 0)) return 0;
  return fat > 0 ? (saturatedFat / fat) * 100 * QUOTIENT_SLACK : 100;
}

/** Writes points, score and grade of `input` to `parts`. */
export function scoreInto(rules: RulesVersion, input: ScoreInput, parts: ScoreParts): void {
  const { kind } = input;
  const scales = SCALES[rules][kind];
  const { energyFrom, saturatedFatFrom, sweetenerPoints, protein } = scales.rules;
  const energy = energyFrom === 'total' ? input.energyKj : input.saturatedFat * KJ_PER_G_FAT;
  const saturatedFat =
    saturatedFatFrom === 'grams' ? input.saturatedFat : saturatedRatio(input.saturatedFat, input.fat);

  parts.energy = pointsOf(scales.energy, energy);
  parts.sugars = pointsOf(scales.sugars, input.sugars);
  parts.saturatedFat = pointsOf(scales.saturatedFat, saturatedFat);
  parts.salt = pointsOf(scales.salt, input.salt);
  parts.sweeteners = input.isSweetened ? sweetenerPoints : 0;
  parts.fruitShare = pointsOf(scales.fruitShare, input.fruitShare);
  parts.fibre = pointsOf(scales.fibre, input.fibre);
  parts.proteins = Math.min(pointsOf(scales.proteins, input.proteins), protein.pointsMax);
  parts.unfavourable = parts.energy + parts.sugars + parts.saturatedFat + parts.salt + parts.sweeteners;

  const { fruitShare, fibre } = parts;
  parts.proteinReason = proteinReason(scales, kind, parts.unfavourable, fruitShare);
  parts.isProteinCounted = parts.proteinReason < REASON.notBelow11;
  parts.score = scoreAt(scales, kind, parts, fruitShare, fibre);
  parts.grade = gradeOf(scales.rules, parts.score);
}

/**
 * Whether the grade in `parts` stands whatever the inputs are that were not known: the score falls with the
 * points of both, so it stands if no points and all points give the same grade.
 */
export function isGradeSettled(
  rules: RulesVersion,
  kind: Kind,
  parts: Readonly<ScoreParts>,
  isFruitShareKnown: boolean,
  isFibreKnown: boolean,
): boolean {
  const scales = SCALES[rules][kind];
  const { fruitShare, fibre } = parts;
  const fruitShareMin = isFruitShareKnown ? fruitShare : 0;
  const fruitShareMax = isFruitShareKnown ? fruitShare : scales.fruitShare.pointsMax;
  const fibreMin = isFibreKnown ? fibre : 0;
  const fibreMax = isFibreKnown ? fibre : scales.fibre.pointsMax;
  const highest = scoreAt(scales, kind, parts, fruitShareMin, fibreMin);
  const lowest = scoreAt(scales, kind, parts, fruitShareMax, fibreMax);
  return gradeOf(scales.rules, highest) === gradeOf(scales.rules, lowest);
}

/** Score with the given points of fruit share and fibre beside the other points in `parts`. */
function scoreAt(
  scales: KindScales,
  kind: Kind,
  parts: Readonly<ScoreParts>,
  fruitShare: number,
  fibre: number,
): number {
  const { unfavourable } = parts;
  const isCounted = proteinReason(scales, kind, unfavourable, fruitShare) < REASON.notBelow11;
  return unfavourable - fruitShare - fibre - (isCounted ? parts.proteins : 0);
}

/** Whether protein counts and why, as an index into `PROTEIN_REASONS`; `fruitShare` in points. */
function proteinReason(scales: KindScales, kind: Kind, unfavourable: number, fruitShare: number): number {
  const { belowUnfavourable: limit, isCountedAtFruitMaximum } = scales.rules.protein;
  if (limit === Number.POSITIVE_INFINITY) return kind === KINDS.cheese ? REASON.cheese : REASON.beverage;
  const isBelow = unfavourable < limit;
  if (limit === 7) return isBelow ? REASON.below7 : REASON.notBelow7;
  if (isBelow) return REASON.below11;
  const hasFruitMaximum = fruitShare === scales.fruitShare.pointsMax;
  return isCountedAtFruitMaximum && hasFruitMaximum ? REASON.fruitAtMaximum : REASON.notBelow11;
}

function gradeOf({ cutOffs }: KindRules, score: number): number {
  let grade = 0;
  while (score > (cutOffs[grade] ?? Number.NaN)) grade += 1;
  return grade;
}

/** For callers to fill and reuse. */
export function createScoreParts(): ScoreParts {
  return {
    energy: 0,
    sugars: 0,
    saturatedFat: 0,
    salt: 0,
    sweeteners: 0,
    fruitShare: 0,
    fibre: 0,
    proteins: 0,
    unfavourable: 0,
    isProteinCounted: false,
    proteinReason: 0,
    score: 0,
    grade: 0,
  };
}

/** Food with every input absent, for callers to fill and reuse. */
export function createScoreInput(): ScoreInput {
  return {
    kind: KINDS.food,
    energyKj: Number.NaN,
    fat: Number.NaN,
    saturatedFat: Number.NaN,
    sugars: Number.NaN,
    salt: Number.NaN,
    fibre: Number.NaN,
    proteins: Number.NaN,
    fruitShare: Number.NaN,
    isSweetened: false,
  };
}

/** Points, score and grade of one product, as a fresh object. */
export function scoreItem(rules: RulesVersion, input: Readonly<ScoreInput>): Readonly<ScoreParts> {
  const parts = createScoreParts();
  scoreInto(rules, input, parts);
  return parts;
}
