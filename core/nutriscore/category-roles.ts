/**
 * What a product's categories say that the Nutri-Score rules ask for, one bit each, in a `Uint32`.
 *
 * A bit states what a tag says, not what follows from it: which rules apply follows from all bits of a
 * product together, differs between the versions, and is derived in `category-facts.ts`. Bits of several
 * tags are joined by OR, so the order of a product's tags never matters. Thirty bits at most: a number
 * below 2³⁰ stays a small integer in V8, and a column of them costs no allocation when it is read.
 *
 * Source: openfoodfacts-server `Food.pm` (flags) and `Config_off.pm` (lists of 2020 and 2024).
 */
export const CATEGORY_ROLES = {
  /** At least one category that is no placeholder: without it no official grade. */
  known: 1 << 0,
  /** Under `en:beverages` or `en:beverage-preparations`. */
  beverage: 1 << 1,
  /** A beverage that the 2017/2021 rules treat as food: milk, plant milk, dairy drinks, soups. */
  foodIn2021: 1 << 2,
  /** A beverage again in 2017/2021 whatever `foodIn2021` says: drinks of tea, herbs or coffee. */
  beverageIn2021: 1 << 3,
  /** A beverage that the 2023 rules treat as food: soups, meal replacements, coconut milk for cooking. */
  foodIn2023: 1 << 4,
  /** A beverage in 2023 even outside of `en:beverages`: milk, plant drinks, dairy drinks, teas, coffees. */
  beverageIn2023: 1 << 5,
  springWater: 1 << 6,
  flavouredWater: 1 << 7,
  cheese: 1 << 8,
  fromageBlanc: 1 << 9,
  fat: 1 << 10,
  cream: 1 << 11,
  seed: 1 << 12,
  nut: 1 << 13,
  chestnut: 1 << 14,
  /** Customs headings 02.01 to 02.06: beef, pork, lamb, goat, horse, offal. */
  redMeat: 1 << 15,
  /** Ham, sausage and the like: of red meat unless `poultry` says otherwise. */
  curedMeat: 1 << 16,
  poultry: 1 << 17,
  notApplicable: 1 << 18,
  /** Ungraded in the list of 2020 only: honeys, coffees, herbal teas. */
  notApplicableIn2021: 1 << 19,
  /** Graded in 2017/2021 whatever `notApplicableIn2021` says: drinks of tea, herbs or coffee. */
  applicableIn2021: 1 << 20,
  /** Only the values as prepared count: powders, syrups, mixes. */
  asPreparedOnly: 1 << 21,
  /** Contains a non-nutritive sweetener. */
  sweetened: 1 << 22,
  potato: 1 << 23,
  juice: 1 << 24,
  fruitOrVegetable: 1 << 25,
  jam: 1 << 26,
  fruitBased: 1 << 27,
  /** Nuts and walnut or rapeseed oil, which count as fruit in 2017/2021 only. */
  fruitShareIn2021: 1 << 28,
  /** Olive oil, whose fruit share is 100 whatever is declared. */
  oliveOil: 1 << 29,
} as const;

export type CategoryRole = keyof typeof CATEGORY_ROLES;

/** The bits of several roles. */
export function rolesOf(...names: readonly CategoryRole[]): number {
  return names.reduce((bits, name) => bits | CATEGORY_ROLES[name], 0);
}
