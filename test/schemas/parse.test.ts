import fc from 'fast-check';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { createParser, SchemaError } from '../../schemas/parse.ts';

const Crate = Type.Object(
  { code: Type.String({ minLength: 3 }), weightG: Type.Number({ minimum: 0 }) },
  { additionalProperties: false },
);
const crate = createParser('the crate', Crate);

function faultsOf(value: unknown): SchemaError {
  try {
    crate.parse(value);
  } catch (error) {
    expect(error).toBeInstanceOf(SchemaError);
    return error as SchemaError;
  }
  throw new Error('The value was taken.');
}

describe('a parser', () => {
  it('gives back the very value that matches', () => {
    const value = { code: 'abc', weightG: 2 };
    expect(crate.parse(value)).toBe(value);
    expect(crate.matches(value)).toBe(true);
  });

  it('names the thing, the place and the fault', () => {
    const error = faultsOf({ code: 'abc', weightG: -1 });
    expect(error.message).toBe('the crate is not as expected: /weightG must be >= 0');
    expect(error.faults).toEqual([{ at: '/weightG', problem: 'must be >= 0' }]);
    expect(error.name).toBe('SchemaError');
  });

  it('says of the whole value when that is at fault', () => {
    expect(faultsOf(7).message).toContain('the value must be object');
  });

  it('lists every fault', () => {
    const { faults } = faultsOf({ code: 'a', weightG: -1, colour: 'red' });
    expect(faults.map(({ at }) => at)).toEqual(expect.arrayContaining(['/code', '/weightG']));
    expect(faults.length).toBeGreaterThanOrEqual(3);
  });

  it('tells five faults in words and counts the others', () => {
    const codes = createParser('the codes', Type.Array(Type.String()));
    expect(() => codes.parse([1, 2, 3, 4, 5, 6, 7])).toThrow(/; \/4 must be string and 2 more$/);
  });

  it('has a fault to tell of a value that no schema takes', () => {
    const nothing = createParser('nothing', Type.Never());
    expect(() => nothing.parse(1)).toThrow(/^nothing is not as expected: the value /);
  });

  it('parses what matches and refuses the rest, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        if (crate.matches(value)) expect(crate.parse(value)).toBe(value);
        else expect(() => crate.parse(value)).toThrow(SchemaError);
      }),
    );
  });
});
