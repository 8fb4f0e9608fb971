/**
 * Points that are spread over every dimension at once: of `count` points, each has its own slice of each axis
 * (McKay, Beckman and Conover 1979). A start of ten random points leaves a third of the slices empty.
 */
import { createRandom } from '../../random.ts';
import { choiceCount, type SearchSpace } from './search-space.ts';

/** Positions of point `index` of `count`; follows from the arguments alone, whatever was drawn before. */
export function latinHypercubePoint(
  space: SearchSpace,
  index: number,
  count: number,
  seed: number,
): Float64Array {
  const entries = Object.entries(space);
  return Float64Array.from(entries, ([name, dimension]) => {
    const random = createRandom(seed, `start ${name}`);
    const slices = Array.from({ length: count }, (_, slice) => slice);
    // Fisher and Yates: which slice of this axis each point has.
    for (let at = count - 1; at > 0; at -= 1) {
      const other = random.integer(at + 1);
      [slices[at], slices[other]] = [slices[other] ?? 0, slices[at] ?? 0];
    }
    const offset = createRandom(seed, `start ${name} ${index}`).next();
    const position = ((slices[index] ?? 0) + offset) / count;
    const choices = choiceCount(dimension);
    return choices === 0 ? position : Math.min(choices - 1, Math.floor(position * choices));
  });
}
