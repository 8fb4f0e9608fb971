/**
 * One graded item as JSON text, written piece by piece: `JSON.stringify` of the same object takes 2 µs, this 0.5, of the 30
 * that a whole request has. Names and order are those of `GradedItem` in `schemas/http.ts`; a test reads the text by it.
 */
import { codesOf, WARNING_CODES } from '../../../core/validation/codes.ts';
import { GRADES } from '../../../schemas/grade.ts';
import type { Contribution, OfficialGrade } from '../../../schemas/http.ts';

const DECIMALS = 10_000;
/** Text of each number of four decimals from 0 to 1. */
const PROBABILITY_TEXTS: readonly string[] = Array.from({ length: DECIMALS + 1 }, (_, count) =>
  String(count / DECIMALS),
);

/** JSON of a set of warning bits; there are few different ones. */
const warningTexts = new Map<number, string>();
/** Far above what products have; made-up ones must not fill the memory. */
const WARNING_TEXTS_MAX = 2048;

/** @param start of the item's five in `probabilities` */
export function gradedText(
  code: unknown,
  official: OfficialGrade | null,
  predicted: number,
  probabilities: Float32Array,
  start: number,
  warnings: number,
  modelVersion: string,
  contributions: readonly Contribution[] | undefined,
): string {
  const modelGrade = GRADES[predicted] as string;
  const isFinal = official !== null && official.status === 'final';
  return (
    (typeof code === 'string'
      ? `{"outcome":"graded","code":${JSON.stringify(code)},`
      : '{"outcome":"graded",') +
    (isFinal
      ? `"grade":"${official.grade}","source":"official",`
      : `"grade":"${modelGrade}","source":"model",`) +
    (official === null ? '"official":null,' : officialText(official)) +
    `"model":{"grade":"${modelGrade}","probabilities":{"a":${probabilityText(probabilities[start])},` +
    `"b":${probabilityText(probabilities[start + 1])},"c":${probabilityText(probabilities[start + 2])},` +
    `"d":${probabilityText(probabilities[start + 3])},"e":${probabilityText(probabilities[start + 4])}}},` +
    `"warnings":${warningsText(warnings)},"modelVersion":"${modelVersion}"` +
    (contributions === undefined ? '}' : `,"contributions":${JSON.stringify(contributions)}}`)
  );
}

function officialText({
  grade,
  score,
  status,
  kind,
  points,
  proteinCounted,
  proteinReason,
}: OfficialGrade): string {
  return (
    `"official":{"grade":"${grade}","score":${score},"status":"${status}","kind":"${kind}",` +
    `"points":{"energy":${points.energy},"sugars":${points.sugars},"saturatedFat":${points.saturatedFat},` +
    `"salt":${points.salt},"sweeteners":${points.sweeteners},"fruitShare":${points.fruitShare},` +
    `"fibre":${points.fibre},"proteins":${points.proteins}},` +
    `"proteinCounted":${proteinCounted},"proteinReason":"${proteinReason}"},`
  );
}

function probabilityText(probability: number | undefined): string {
  return PROBABILITY_TEXTS[Math.round((probability as number) * DECIMALS)] as string;
}

function warningsText(bits: number): string {
  const known = warningTexts.get(bits);
  if (known !== undefined) return known;
  if (warningTexts.size >= WARNING_TEXTS_MAX) warningTexts.clear();
  const text = JSON.stringify(codesOf(WARNING_CODES, bits));
  warningTexts.set(bits, text);
  return text;
}
