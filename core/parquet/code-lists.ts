/** Sets of codes kept as bits, written as text: `sugars-above-carbohydrates,energy-far-from-macronutrients`. */

export interface CodeLists {
  /** Index into `texts` of each row; -1 where no bit is set. */
  readonly indices: Int32Array;
  /** Each combination of bits that occurs, once, as names separated by commas. */
  readonly texts: readonly string[];
}

/**
 * Bit `i` stands for `names[i]`. Thousands of rows share a few combinations, so a text is made once each.
 * @throws {RangeError} when a bit has no name.
 */
export function listCodes(bits: Uint32Array, names: readonly string[]): CodeLists {
  const known = new Map<number, number>();
  const texts: string[] = [];
  const indices = new Int32Array(bits.length).fill(-1);
  for (let row = 0; row < bits.length; row += 1) {
    const combination = bits[row] as number;
    if (combination === 0) continue;
    let index = known.get(combination);
    if (index === undefined) {
      index = texts.push(namesOfBits(combination, names).join(',')) - 1;
      known.set(combination, index);
    }
    indices[row] = index;
  }
  return { indices, texts };
}

function namesOfBits(bits: number, names: readonly string[]): string[] {
  const nameless = bits >>> names.length !== 0 && names.length < 32;
  if (nameless) throw new RangeError(`Bits ${bits.toString(2)} go beyond the ${names.length} names given.`);
  return names.filter((_, bit) => ((bits >>> bit) & 1) === 1);
}
