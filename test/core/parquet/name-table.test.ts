import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INPUT_SOURCES } from '../../../core/parquet/input-sources.ts';
import { createNameTable, findName } from '../../../core/parquet/name-table.ts';

const NAMES = INPUT_SOURCES.map(({ name }) => name);
const table = createNameTable(NAMES);

function find(text: string): number {
  const surrounded = new TextEncoder().encode(`salt${text}salt`);
  return findName(table, new DataView(surrounded.buffer), 4, surrounded.length - 4);
}

describe('findName', () => {
  it('finds every name among other bytes', () => {
    expect(NAMES.map(find)).toEqual(NAMES.map((_, number) => number));
  });

  it('finds nothing else: changed, cut, lengthened and random names', () => {
    const changed = fc
      .tuple(fc.constantFrom(...NAMES), fc.nat(), fc.constantFrom('x', '-', ''))
      .map(([name, at, by]) => {
        const place = at % (name.length + 1);
        return name.slice(0, place) + by + name.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(changed, fc.string({ maxLength: 12 })), (text) => {
        expect(find(text)).toBe(NAMES.indexOf(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses more names than it finds quickly', () => {
    expect(() => createNameTable(Array.from({ length: 65 }, (_, index) => `n${index}`))).toThrow('65 names');
  });
});
