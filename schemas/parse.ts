/** Turns unknown JSON into a checked value, or one error that lists every fault. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

export interface Fault {
  /** JSON pointer into the value; empty for the value itself. */
  readonly at: string;
  readonly problem: string;
}

export class SchemaError extends Error {
  readonly faults: readonly Fault[];

  constructor(what: string, faults: readonly Fault[]) {
    const listed = faults.slice(0, 5).map(({ at, problem }) => `${at === '' ? 'the value' : at} ${problem}`);
    const more = faults.length > listed.length ? ` and ${faults.length - listed.length} more` : '';
    super(`${what} is not as expected: ${listed.join('; ')}${more}`);
    this.name = 'SchemaError';
    this.faults = faults;
  }
}

export interface Parser<T> {
  /** @throws {SchemaError} when the value does not match. */
  parse(value: unknown): T;
  matches(value: unknown): value is T;
}

/** Compiles once; `what` names the thing in errors, such as `shard message`. */
export function createParser<S extends TSchema>(what: string, schema: S): Parser<Static<S>> {
  const check = Compile(schema);
  return {
    parse(value) {
      if (check.Check(value)) return value as Static<S>;
      const faults = [...check.Errors(value)].map((error) => ({
        at: error.instancePath,
        problem: error.message,
      }));
      throw new SchemaError(what, faults);
    },
    matches: (value): value is Static<S> => check.Check(value),
  };
}
