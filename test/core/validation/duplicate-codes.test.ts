import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textColumn } from '../../../core/items/item-columns.ts';
import { warningMask } from '../../../core/validation/codes.ts';
import { markDuplicateCodes } from '../../../core/validation/duplicate-codes.ts';

const DUPLICATE = warningMask('duplicate-code');

function flagged(codes: readonly string[]): boolean[] {
  const warnings = new Uint32Array(codes.length);
  markDuplicateCodes(textColumn(codes), warnings);
  return Array.from(warnings, (bits) => bits === DUPLICATE);
}

describe('markDuplicateCodes', () => {
  it('flags the later rows of a repeated code, not the first', () => {
    expect(flagged(['12', '34', '12', '0012', '12'])).toEqual([false, false, true, false, true]);
  });

  it('finds the repeated codes that a set of texts finds', () => {
    const code = fc.string({ minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(code, { maxLength: 200 }), (codes) => {
        const seen = new Set<string>();
        const expected = codes.map((text) => seen.size === seen.add(text).size);
        expect(flagged(codes)).toEqual(expected);
      }),
    );
  });

  it('leaves other warnings as they are', () => {
    const other = warningMask('fibre-absent');
    const warnings = Uint32Array.of(other, other);
    markDuplicateCodes(textColumn(['1', '1']), warnings);
    expect([...warnings]).toEqual([other, other | DUPLICATE]);
  });

  it('takes no rows', () => {
    expect(flagged([])).toEqual([]);
  });
});
