import type { FoodGroup } from './food-groups.ts';

/** What some names say: role bits, and a food group where they have one. */
export interface TagEntry {
  /** Slugs (`slug.ts`), separated by white space. */
  readonly names: string;
  readonly roles: number;
  readonly group?: FoodGroup;
}
