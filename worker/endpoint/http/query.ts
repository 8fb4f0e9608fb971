import { ProblemError } from './problem.ts';

/** Of a name that is repeated in a message. */
const QUOTED_MAX = 40;

/** @throws {ProblemError} `invalid-query` for a name that is none of the known. */
export function refuseQuery(query: unknown, known: readonly string[]): void {
  const other = Object.keys(query as object).find((name) => !known.includes(name));
  if (other === undefined) return;
  const takes = known.length === 0 ? 'the route takes none' : `the route knows ${known.join(', ')}`;
  throw new ProblemError('invalid-query', {
    detail: `The query has \`${other.slice(0, QUOTED_MAX)}\`: ${takes}.`,
  });
}
