/** Nearest rows by nutrition, to borrow from them what a row lacks. */
import type { ItemColumns } from '../../core/items/item-columns.ts';
import type { Nutrient } from '../../core/items/nutrients.ts';
import type { Random } from '../random.ts';

/** What rows are compared by, with the amount that makes a full step. */
const AXES = [
  ['energyKj', 3800],
  ['saturatedFat', 40],
  ['sugars', 100],
  ['proteins', 40],
  ['salt', 5],
  ['fibre', 20],
  ['fat', 60],
  ['carbohydrates', 100],
] as const satisfies readonly (readonly [Nutrient, number])[];
const AXIS_COUNT = AXES.length;
/** One of the nearest five: always the nearest would give all copies of a product the same loan. */
const NEAREST = 5;

export interface Neighbours {
  /**
   * Number of one of the nearest donor rows, drawn; -1 without donors. Axes that either row lacks are left
   * out, and a row of another food group is further away.
   */
  draw(columns: ItemColumns, row: number, random: Random): number;
}

/** Donors are the given rows of `donors`. Each draw looks at all of them: 16,000 take 0.1 ms. */
export function createNeighbours(donors: ItemColumns, rows: Int32Array): Neighbours {
  const places = new Float32Array(rows.length * AXIS_COUNT);
  rows.forEach((row, at) => {
    writePlace(donors, row, places, at * AXIS_COUNT);
  });
  const own = new Float32Array(AXIS_COUNT);
  const nearest = new Int32Array(NEAREST);
  const distances = new Float64Array(NEAREST);
  return {
    draw(columns, row, random) {
      if (rows.length === 0) return -1;
      writePlace(columns, row, own, 0);
      nearest.fill(0);
      distances.fill(Number.POSITIVE_INFINITY);
      const group = columns.foodGroups[row] ?? 0;
      // Begun anywhere: of donors that are equally near (waters are all alike) the first would always be taken.
      const start = random.integer(rows.length);
      for (let step = 0; step < rows.length; step += 1) {
        const at = start + step < rows.length ? start + step : start + step - rows.length;
        const other = donors.foodGroups[rows[at] as number] ?? 0;
        const isOtherGroup = group !== 0 && other !== group;
        const distance = distanceBetween(own, places, at * AXIS_COUNT) + (isOtherGroup ? OTHER_GROUP : 0);
        if (distance < (distances[NEAREST - 1] as number)) insert(nearest, distances, at, distance);
      }
      const count = Math.min(NEAREST, rows.length);
      return rows[nearest[random.integer(count)] as number] as number;
    },
  };
}

/** Squared distance added for another food group: about two full steps on one axis of eight. */
const OTHER_GROUP = 0.3;

/** Square roots, so that 1 g and 2 g of salt are as far apart as 30 g and 35 g of sugars. */
function writePlace(columns: ItemColumns, row: number, places: Float32Array, at: number): void {
  AXES.forEach(([nutrient, step], axis) => {
    places[at + axis] = Math.sqrt((columns.nutrients[nutrient][row] as number) / step);
  });
}

/** Mean squared distance over the axes that both have. */
function distanceBetween(own: Float32Array, places: Float32Array, at: number): number {
  let sum = 0;
  let count = 0;
  for (let axis = 0; axis < AXIS_COUNT; axis += 1) {
    const difference = (own[axis] as number) - (places[at + axis] as number);
    if (Number.isNaN(difference)) continue;
    sum += difference * difference;
    count += 1;
  }
  return count === 0 ? Number.MAX_VALUE : sum / count;
}

function insert(nearest: Int32Array, distances: Float64Array, at: number, distance: number): void {
  let place = NEAREST - 1;
  while (place > 0 && distance < (distances[place - 1] as number)) {
    nearest[place] = nearest[place - 1] as number;
    distances[place] = distances[place - 1] as number;
    place -= 1;
  }
  nearest[place] = at;
  distances[place] = distance;
}
