/**
 * What a food group says by itself, for rows that carry `food_groups_tags` or the `pnns_groups_1/2` of old
 * dumps: the index in `FOOD_GROUPS` and, where the group decides which rules apply, roles.
 *
 * A group alone makes the category known only if all its members fall under the same rules. These do not,
 * and leave it unknown (a finer group or a category beside them may still say it):
 * `milk-and-dairy-products` (cheese or not), `milk-and-yogurt` (a beverage in 2023 or not), `fats-and-sauces` (fat or sauce), `salty-snacks` (nuts or
 * not), `fish-meat-eggs`, `meat` and `processed-meat` (red meat or not), `beverages` (water or not) and
 * `waters-and-flavored-waters` (water or not; one is always A, the other never).
 *
 * Fruit share: a group never gives one. `vegetables` as a group holds vegetables in sauce, whereas the
 * category of that name gives 90 %.
 *
 * Source: openfoodfacts-server `taxonomies/food_groups.txt` and the PNNS names of `FoodGroups.pm`.
 */
import { CATEGORY_ROLES, rolesOf } from './category-roles.ts';
import type { TagEntry } from './tag-entry.ts';

const R = CATEGORY_ROLES;
const KNOWN = R.known;

export const FOOD_GROUP_ENTRIES: readonly TagEntry[] = [
  { names: 'fruits-and-vegetables', roles: KNOWN, group: 'fruits-and-vegetables' },
  { names: 'vegetables', roles: KNOWN, group: 'vegetables' },
  { names: 'fruits', roles: KNOWN, group: 'fruits' },
  { names: 'dried-fruits', roles: KNOWN, group: 'dried-fruits' },
  {
    names: 'soups fresh-soups',
    roles: KNOWN | rolesOf('foodIn2021', 'foodIn2023'),
    group: 'soups',
  },
  {
    names: 'dehydrated-soups',
    roles: KNOWN | rolesOf('foodIn2021', 'foodIn2023', 'asPreparedOnly'),
    group: 'soups',
  },
  { names: 'cereals-and-potatoes', roles: KNOWN, group: 'cereals-and-potatoes' },
  { names: 'legumes', roles: KNOWN, group: 'legumes' },
  { names: 'potatoes', roles: KNOWN, group: 'potatoes' },
  {
    names: `cereals whole-grain-pasta whole-grain-rice white-rice white-pasta other-whole-grain-cereals
      other-refined-cereals`,
    roles: KNOWN,
    group: 'cereals',
  },
  {
    names: 'bread whole-grain-bread white-bread whole-grain-soft-bread white-soft-bread',
    roles: KNOWN,
    group: 'bread',
  },
  { names: 'breakfast-cereals', roles: KNOWN, group: 'breakfast-cereals' },
  { names: 'composite-foods', roles: KNOWN, group: 'composite-foods' },
  { names: 'one-dish-meals', roles: KNOWN, group: 'one-dish-meals' },
  { names: 'sandwiches', roles: KNOWN, group: 'sandwiches' },
  {
    names: 'pizza-pies-and-quiches pizza-pies-and-quiche',
    roles: KNOWN,
    group: 'pizza-pies-and-quiches',
  },
  { names: 'fish-meat-eggs', roles: 0, group: 'fish-meat-eggs' },
  { names: 'eggs', roles: KNOWN, group: 'eggs' },
  { names: 'fish-and-seafood lean-fish smoked-fish seafood', roles: KNOWN, group: 'fish-and-seafood' },
  { names: 'fatty-fish', roles: KNOWN, group: 'fatty-fish' },
  { names: 'meat', roles: 0, group: 'meat' },
  { names: 'poultry', roles: KNOWN | R.poultry, group: 'poultry' },
  { names: 'meat-other-than-poultry', roles: KNOWN | R.redMeat, group: 'meat-other-than-poultry' },
  { names: 'offals', roles: KNOWN | R.redMeat, group: 'offals' },
  { names: 'processed-meat', roles: 0, group: 'processed-meat' },
  { names: 'milk-and-dairy-products', roles: 0, group: 'milk-and-dairy-products' },
  {
    names: 'cheese blue-cheese hard-cheese soft-cheese fresh-cheese processed-cheese',
    roles: KNOWN | R.cheese,
    group: 'cheese',
  },
  {
    names: 'milk-and-yogurt plain-milk-and-yogurt sweetened-milk-and-yogurt',
    roles: 0,
    group: 'milk-and-yogurt',
  },
  { names: 'dairy-desserts', roles: KNOWN, group: 'dairy-desserts' },
  { names: 'ice-cream', roles: KNOWN, group: 'ice-cream' },
  { names: 'sugary-snacks', roles: KNOWN, group: 'sugary-snacks' },
  { names: 'sweets', roles: KNOWN, group: 'sweets' },
  {
    names: `chocolate-products dark-chocolate milk-chocolate white-chocolate
      other-chocolate-based-products`,
    roles: KNOWN,
    group: 'chocolate-products',
  },
  { names: 'pastries', roles: KNOWN, group: 'pastries' },
  { names: 'biscuits-and-cakes', roles: KNOWN, group: 'biscuits-and-cakes' },
  { names: 'salty-snacks', roles: 0, group: 'salty-snacks' },
  { names: 'appetizers', roles: KNOWN, group: 'appetizers' },
  { names: 'salty-and-fatty-products', roles: KNOWN, group: 'salty-and-fatty-products' },
  { names: 'nuts unsalted-nuts salted-nuts nut-butter', roles: KNOWN | R.nut, group: 'nuts' },
  { names: 'fats-and-sauces fat-and-sauces', roles: 0, group: 'fats-and-sauces' },
  { names: 'fats animal-fats vegetable-oils vegetable-margarines', roles: KNOWN | R.fat, group: 'fats' },
  { names: 'dressings-and-sauces dressings sauces', roles: KNOWN, group: 'dressings-and-sauces' },
  { names: 'beverages', roles: R.beverage, group: 'beverages' },
  { names: 'sweetened-beverages', roles: KNOWN | R.beverage, group: 'sweetened-beverages' },
  { names: 'fruit-nectars', roles: KNOWN | R.beverage, group: 'fruit-nectars' },
  { names: 'fruit-juices', roles: KNOWN | R.beverage, group: 'fruit-juices' },
  {
    names: 'artificially-sweetened-beverages',
    roles: KNOWN | R.beverage | R.sweetened,
    group: 'artificially-sweetened-beverages',
  },
  {
    names: 'plant-based-milk-substitutes',
    roles: KNOWN | rolesOf('beverage', 'foodIn2021', 'beverageIn2023'),
    group: 'plant-based-milk-substitutes',
  },
  { names: 'unsweetened-beverages', roles: KNOWN | R.beverage, group: 'unsweetened-beverages' },
  {
    names: 'teas-and-herbal-teas-and-coffees',
    roles: KNOWN | R.beverage | R.notApplicableIn2021,
    group: 'teas-and-herbal-teas-and-coffees',
  },
  { names: 'waters-and-flavored-waters', roles: R.beverage, group: 'waters-and-flavored-waters' },
  { names: 'alcoholic-beverages', roles: KNOWN | R.beverage | R.notApplicable, group: 'alcoholic-beverages' },
  {
    names: 'baby-foods-and-milks baby-foods baby-milks',
    roles: KNOWN | R.notApplicable,
    group: 'baby-foods-and-milks',
  },
];
