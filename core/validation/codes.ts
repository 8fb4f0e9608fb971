/**
 * Every code that a row can be rejected or flagged with. One table: the bit is the place of the code in the
 * masks of `validate.ts` and never changes its meaning; new codes go at the end.
 * `docs/rejects-and-warnings.md` shows the same table to users; a test compares the two.
 */
import { THRESHOLDS as T } from './thresholds.ts';

export interface CodeRule {
  /** Bit in the row's mask of its kind. */
  readonly bit: number;
  readonly code: string;
  readonly kind: 'reject' | 'warning';
  /** For the person who sent the row. */
  readonly sentence: string;
  /** The condition, with its thresholds; per 100 g or 100 ml. */
  readonly rule: string;
  /** Tag of Open Food Facts' own checks (`en:` dropped), or why the project has the rule. */
  readonly source: string;
}

const PART = `+ ${T.partOverWhole} g`;

export const REJECTS = [
  {
    bit: 0,
    code: 'missing-code',
    kind: 'reject',
    sentence: 'The row has no product code, so its grade could not be found again.',
    rule: 'code is empty or blank (spaces, tabs, NUL)',
    source: 'NutriSage: grades are keyed by code',
  },
  {
    bit: 1,
    code: 'nothing-to-grade',
    kind: 'reject',
    sentence: 'The row has no nutrient at all, and it is not plain water.',
    rule: 'energy, fat, saturated fat, carbohydrates, sugars, fibre, proteins and salt absent; category not water',
    source: 'NutriSage: a grade would be a guess from the category alone',
  },
  {
    bit: 2,
    code: 'value-not-finite',
    kind: 'reject',
    sentence: 'A value is infinite.',
    rule: 'any input is +Infinity or -Infinity',
    source: 'NutriSage: overflow in an earlier step',
  },
  {
    bit: 3,
    code: 'value-negative',
    kind: 'reject',
    sentence: 'A value is below zero.',
    rule: 'any input < 0',
    source: 'nutrition-value-negative-<nutrient>',
  },
  {
    bit: 4,
    code: 'value-over-105',
    kind: 'reject',
    sentence: 'A nutrient is above 105 per 100 g.',
    rule: `any input but energy > ${T.nutrientOver}`,
    source: 'nutrition-value-over-105-<nutrient>',
  },
  {
    bit: 5,
    code: 'value-over-1000',
    kind: 'reject',
    sentence: 'A nutrient is above 1000 per 100 g: a wrong unit or a lost decimal point.',
    rule: `any input but energy > ${T.nutrientFarOver}`,
    source: 'nutrition-value-over-1000-<nutrient>',
  },
  {
    bit: 6,
    code: 'total-over-105',
    kind: 'reject',
    sentence: 'Fat, carbohydrates, proteins and salt add up to more than 105 g per 100 g.',
    rule: `fat + carbohydrates + proteins + salt > ${T.nutrientOver} g`,
    source: 'nutrition-value-total-over-105',
  },
  {
    bit: 7,
    code: 'total-over-1000',
    kind: 'reject',
    sentence: 'Fat, carbohydrates, proteins and salt add up to more than 1000 g per 100 g.',
    rule: `fat + carbohydrates + proteins + salt > ${T.nutrientFarOver} g`,
    source: 'nutrition-value-total-over-1000',
  },
  {
    bit: 8,
    code: 'energy-over-3800-kj',
    kind: 'reject',
    sentence: 'The energy is above that of pure fat.',
    rule: `energy > ${T.energyOverKj} kJ`,
    source: 'nutrition-value-over-3800-energy',
  },
  {
    bit: 9,
    code: 'sugars-and-starch-over-carbohydrates',
    kind: 'reject',
    sentence: 'Sugars and starch are more than the carbohydrates they belong to.',
    rule: `sugars + starch > carbohydrates ${PART}`,
    source: 'nutrition-sugars-plus-starch-greater-than-carbohydrates',
  },
  {
    bit: 10,
    code: 'saturated-fat-over-fat',
    kind: 'reject',
    sentence: 'Saturated fat is more than the fat it belongs to.',
    rule: `saturated fat > fat ${PART}`,
    source: 'nutrition-saturated-fat-greater-than-fat',
  },
  {
    bit: 11,
    code: 'sugar-parts-over-sugars',
    kind: 'reject',
    sentence: 'Fructose, glucose, maltose, lactose and sucrose are more than the sugars they belong to.',
    rule: `fructose + glucose + maltose + lactose + sucrose > sugars ${PART}`,
    source: 'nutrition-fructose-plus-glucose-plus-maltose-plus-lactose-plus-sucrose-greater-than-sugars',
  },
  {
    bit: 12,
    code: 'fibre-parts-over-fibre',
    kind: 'reject',
    sentence: 'Soluble and insoluble fibre are more than the fibre they belong to.',
    rule: `soluble + insoluble fibre > fibre + ${T.fibrePartsOverFibre} g`,
    source: 'nutrition-soluble-fiber-plus-insoluble-fiber-greater-than-fiber',
  },
  {
    bit: 13,
    code: 'energy-kcal-over-kj',
    kind: 'reject',
    sentence: 'The energy in kcal is above the one in kJ.',
    rule: 'both given and kcal > kJ',
    source: 'energy-value-in-kcal-greater-than-in-kj',
  },
  {
    bit: 14,
    code: 'energy-kcal-kj-reversed',
    kind: 'reject',
    sentence: 'The energy in kcal and the one in kJ have changed places.',
    rule:
      'both given, kcal > kJ and ' +
      `${T.kjPerKcalMin} x kJ - ${T.kcalRounding} < kcal < ${T.kjPerKcalMax} x kJ + ${T.kcalRounding}`,
    source: 'energy-value-in-kcal-and-kj-are-reversed',
  },
  {
    bit: 15,
    code: 'energy-kcal-kj-mismatch',
    kind: 'reject',
    sentence: 'The energy in kcal and the one in kJ are not the same energy.',
    rule:
      `both given and kJ < ${T.kjPerKcalMin} x kcal - ${T.kcalRounding} or ` +
      `kJ > ${T.kjPerKcalMax} x kcal + ${T.kcalRounding}`,
    source: 'energy-value-in-kcal-does-not-match-value-in-kj',
  },
  {
    bit: 16,
    code: 'energy-not-as-computed',
    kind: 'reject',
    sentence: 'The declared energy is far from what fat, carbohydrates, proteins and fibre give.',
    rule:
      `computed energy < ${T.computedRejectMin} x declared - ${T.computedRounding} or ` +
      `> ${T.computedRejectMax.toFixed(1)} x declared + ${T.computedRounding}, ` +
      `one of them above ${T.energyComparedKj} kJ (${T.energyComparedKcal} kcal)`,
    source: 'energy-value-in-kj-does-not-match-value-computed-from-other-nutrients (or kcal)',
  },
  {
    bit: 17,
    code: 'values-all-identical',
    kind: 'reject',
    sentence: 'All values are the same number.',
    rule: `more than ${T.allIdenticalMoreThan} main values given, all the same and > ${T.identicalOver}`,
    source: 'nutrition-values-are-all-identical',
  },
  {
    bit: 18,
    code: 'category-not-graded',
    kind: 'reject',
    sentence:
      'The Nutri-Score does not apply to this category (alcohol, baby food, salt, coffee and others).',
    rule: 'the category is one that gets no Nutri-Score',
    source: 'Nutri-Score: `not-applicable`',
  },
  {
    bit: 19,
    code: 'code-too-long',
    kind: 'reject',
    sentence: 'The product code is longer than any barcode; another column was likely taken for it.',
    rule: `code has more than ${T.codeBytesMax} bytes`,
    source: 'NutriSage: a key of the grades table holds 2,048 bytes',
  },
] as const satisfies readonly CodeRule[];

export const WARNINGS = [
  {
    bit: 0,
    code: 'duplicate-code',
    kind: 'warning',
    sentence: 'An earlier graded row of the same shard has the same code; the later row is graded too.',
    rule: 'code equals that of an earlier graded row of the same shard',
    source: 'NutriSage: which of the two is meant cannot be told',
  },
  {
    bit: 1,
    code: 'category-unknown',
    kind: 'warning',
    sentence: 'The category is unknown, so no official grade exists and the model’s is given.',
    rule: 'no category given, or none that is known',
    source: 'Nutri-Score: beverages, fats, cheese and red meat have rules of their own',
  },
  {
    bit: 2,
    code: 'values-as-sold',
    kind: 'warning',
    sentence: 'Products of this category are graded as prepared; the values as sold do not give that grade.',
    rule: 'the category is graded only as prepared (dried soups, cocoa powder, syrups and others)',
    source: 'Nutri-Score: as-prepared nutrients count',
  },
  {
    bit: 3,
    code: 'energy-may-not-match-computed',
    kind: 'warning',
    sentence: 'The declared energy is some way from what fat, carbohydrates, proteins and fibre give.',
    rule:
      `computed energy < ${T.computedWarnMin} x declared - ${T.computedRounding} or ` +
      `> ${T.computedWarnMax} x declared + ${T.computedRounding}, ` +
      `one of them above ${T.energyComparedKj} kJ (${T.energyComparedKcal} kcal)`,
    source: 'energy-value-in-kj-may-not-match-value-computed-from-other-nutrients (or kcal)',
  },
  {
    bit: 4,
    code: 'identical-values',
    kind: 'warning',
    sentence: 'Three or more values are the same number.',
    rule: `${T.identicalMin} or more main values the same and > ${T.identicalOver}`,
    source: 'nutrition-3-or-more-values-are-identical',
  },
  {
    bit: 5,
    code: 'all-values-zero',
    kind: 'warning',
    sentence: 'Every value is zero, which is right for water and rarely for anything else.',
    rule: 'one or more main values given, all 0',
    source: 'all-nutrition-values-are-set-to-0; an error there, a warning here since water is legitimate',
  },
  {
    bit: 6,
    code: 'salt-under-0-001-g',
    kind: 'warning',
    sentence: 'The salt is so little that another unit was probably meant.',
    rule: `0 < salt < ${T.saltTiny} g`,
    source: 'nutrition-value-under-0-001-g-salt',
  },
  {
    bit: 7,
    code: 'salt-under-0-01-g',
    kind: 'warning',
    sentence: 'The salt is very little; another unit may have been meant.',
    rule: `${T.saltTiny} g <= salt < ${T.saltSmall} g`,
    source: 'nutrition-value-under-0-01-g-salt',
  },
  {
    bit: 8,
    code: 'salt-under-0-1-g',
    kind: 'warning',
    sentence: 'The salt is little: usual in fruit, drinks and oil, worth a look elsewhere.',
    rule: `${T.saltSmall} g <= salt < ${T.saltLow} g`,
    source: 'nutrition-value-under-0-1-g-salt',
  },
  {
    bit: 9,
    code: 'fibre-absent',
    kind: 'warning',
    sentence: 'Fibre is not given; the official rules count it as 0.',
    rule: 'fibre absent',
    source: 'Nutri-Score: missing fibre gives 0 points',
  },
  {
    bit: 10,
    code: 'fruit-share-absent',
    kind: 'warning',
    sentence:
      'The share of fruit, vegetables and legumes is not given; a default of the category or 0 counts.',
    rule: 'fruit share absent',
    source: 'Nutri-Score: a missing fruit share gives 0 points',
  },
] as const satisfies readonly CodeRule[];

export type RejectCode = (typeof REJECTS)[number]['code'];
export type WarningCode = (typeof WARNINGS)[number]['code'];

/** Name of reject bit `i`. */
export const REJECT_CODES: readonly RejectCode[] = REJECTS.map(({ code }) => code);
/** Name of warning bit `i`. */
export const WARNING_CODES: readonly WarningCode[] = WARNINGS.map(({ code }) => code);

export function rejectMask(code: RejectCode): number {
  return 1 << REJECT_CODES.indexOf(code);
}

export function warningMask(code: WarningCode): number {
  return 1 << WARNING_CODES.indexOf(code);
}

/** Names of the bits that are set, lowest first. For single rows, not for hot loops. */
export function codesOf<Code extends string>(names: readonly Code[], mask: number): Code[] {
  return names.filter((_, bit) => (mask & (1 << bit)) !== 0);
}
