import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForestError } from '../../../core/forest/forest-error.ts';
import { readPackedFloats, readPackedIntegers, visitFields } from '../../../core/forest/protobuf.ts';

function fieldsOf(bytes: Uint8Array): unknown[] {
  const found: unknown[] = [];
  visitFields(bytes, 0, bytes.length, (field, wire, value, from, to) => {
    found.push(from === to && wire === 0 ? [field, value] : [field, wire, [...bytes.subarray(from, to)]]);
  });
  return found;
}

describe('the reader of the wire format', () => {
  it('reads what the common library writes', () => {
    const writer = new BinaryWriter();
    writer
      .tag(1, 0)
      .int64(300)
      .tag(2, 2)
      .string('ab')
      .tag(3, 5)
      .float(1)
      .tag(4, 1)
      .double(1)
      .tag(999, 0)
      .int64(-5);
    expect(fieldsOf(writer.finish())).toEqual([
      [1, 300],
      [2, 2, [97, 98]],
      [3, 5, [0, 0, 128, 63]],
      [4, 1, [0, 0, 0, 0, 0, 0, 240, 63]],
      [999, -5],
    ]);
  });

  it('reads lists of whole numbers of any size and sign', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 70_000 }))), (values) => {
        const writer = new BinaryWriter();
        for (const value of values) writer.int64(value);
        const bytes = writer.finish();
        expect([...readPackedIntegers(bytes, 0, bytes.length)]).toEqual(values.map((value) => value + 0));
      }),
    );
  });

  it('reads lists of float32 wherever they begin', () => {
    const bytes = new Uint8Array([7, 0, 0, 128, 63, 0, 0, 192, 127]);
    expect([...readPackedFloats(bytes, 1, 9)]).toEqual([1, Number.NaN]);
  });

  it('never hangs nor reads past the end, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const outcome = (read: () => void): 'read' | 'refused' => {
          try {
            read();
            return 'read';
          } catch (error) {
            expect(error).toBeInstanceOf(ForestError);
            return 'refused';
          }
        };
        const theirs = outcomeOfLibrary(bytes);
        const own = outcome(() => {
          fieldsOf(bytes);
        });
        // The library also takes groups, which are deprecated, and numbers that run past the end.
        if (own === 'read') expect(theirs).toBe('read');
        outcome(() => readPackedIntegers(bytes, 0, bytes.length));
        outcome(() => readPackedFloats(bytes, 0, bytes.length));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a field that is longer than what is left', [10, 5, 1]],
    ['four bytes that are not all there', [13, 1, 2]],
    ['a number that does not end', [8, 128]],
    ['a number of eleven bytes', [8, ...new Array<number>(10).fill(255), 1]],
    ['a field 0', [0, 1]],
    ['a group', [11, 12]],
  ])('refuses %s', (_, bytes) => {
    expect(() => fieldsOf(Uint8Array.from(bytes))).toThrow(ForestError);
  });

  it('refuses lists that end within a number', () => {
    expect(() => readPackedIntegers(Uint8Array.of(1, 128), 0, 2)).toThrow(/ends within one/);
    expect(() => readPackedFloats(Uint8Array.of(1, 2, 3), 0, 3)).toThrow(/3 bytes/);
  });
});

function outcomeOfLibrary(bytes: Uint8Array): 'read' | 'refused' {
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      reader.skip(wire, field);
    }
    return 'read';
  } catch {
    return 'refused';
  }
}
