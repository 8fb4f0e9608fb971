/** Which of the names at hand may have been meant: for error messages, never to guess silently. */
import { SYNONYMS } from './input-sources.ts';

/** One form for names that differ in case, dashes, blanks and underscores only. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[-\s.]+/g, '_');
}

/** The wanted name's closest of `names`, or undefined when none is close. */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const plainWanted = stem(wanted);
  // Of its own names alone: a file may well have a column called `constructor`.
  const known = Object.hasOwn(SYNONYMS, wanted) ? SYNONYMS[wanted] : undefined;
  const synonyms = new Set(known?.map(plainName));
  const longestDistance = plainWanted.length <= 5 ? 1 : 2;
  let nearest: string | undefined;
  let least = longestDistance + 1;
  for (const name of names) {
    const plain = stem(name);
    if (plain === plainWanted || synonyms.has(plain)) return name;
    const distance = editDistance(plain, plainWanted);
    if (distance < least) [least, nearest] = [distance, name];
  }
  return nearest;
}

/** Nutrient names are compared without the words that say "per 100 g" and the unit. */
function stem(name: string): string {
  return plainName(name).replace(/_(100g|per_100g?|100_g|100ml|g)$/, '');
}

/** Levenshtein: letters to insert, delete or replace. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
