/**
 * What follows from a product's category roles under one version of the rules.
 *
 * Derived once per combination of roles and kept: an export has a few hundred combinations in millions of
 * rows. Pure: equal roles give the same object.
 */
import type { RulesVersion } from '../../schemas/grade.ts';
import { CATEGORY_ROLES, rolesOf } from './category-roles.ts';
import { KINDS, type Kind } from './rules.ts';

export interface CategoryFacts {
  /** Which tables of points, protein rule and cut-offs apply. */
  readonly kind: Kind;
  /** False without a category: no official grade. */
  readonly isKnown: boolean;
  /** False for categories that carry no Nutri-Score. */
  readonly isApplicable: boolean;
  /** True where only values as prepared count, which no input here has. */
  readonly isAsPreparedOnly: boolean;
  readonly isSweetened: boolean;
  /** Fruit share in % that stands whatever is declared; `NaN` if the category gives none. */
  readonly fixedFruitShare: number;
  /** Fruit share in % where none is declared; `NaN` if the category gives none. */
  readonly defaultFruitShare: number;
}

const R = CATEGORY_ROLES;
const NOT_GIVEN = Number.NaN;

/** First match wins, in the order of `Food.pm`. The figures only matter around 40, 60 and 80 %. */
const DEFAULT_FRUIT_SHARES: Readonly<Record<RulesVersion, readonly (readonly [number, number])[]>> = {
  '2023': [
    [R.potato, 0],
    [R.juice, 100],
    [R.fruitOrVegetable, 90],
    [R.jam, 50],
  ],
  '2021': [
    [R.potato, 0],
    [R.juice, 100],
    [R.fruitShareIn2021, 100],
    [R.jam, 50],
    [R.fruitOrVegetable, 90],
    [R.fruitBased, 85],
  ],
};

function has(roles: number, bits: number): boolean {
  return (roles & bits) !== 0;
}

function isBeverage(roles: number, rules: RulesVersion): boolean {
  if (rules === '2021') {
    return has(roles, R.beverage) && (!has(roles, R.foodIn2021) || has(roles, R.beverageIn2021));
  }
  // `foodIn2023` wins over `beverageIn2023`: coconut milk for cooking is also a plant drink by its tags.
  return has(roles, rolesOf('beverage', 'beverageIn2023')) && !has(roles, R.foodIn2023);
}

function isFat(roles: number, rules: RulesVersion): boolean {
  if (rules === '2021') return has(roles, R.fat);
  return has(roles, rolesOf('fat', 'cream', 'seed', 'nut')) && !has(roles, R.chestnut);
}

function isRedMeat(roles: number): boolean {
  return has(roles, R.redMeat) || (has(roles, R.curedMeat) && !has(roles, R.poultry));
}

/** Beverage before fat before the rest, as `Nutriscore.pm` tests them. */
function kindOf(roles: number, rules: RulesVersion): Kind {
  const isWater = has(roles, R.springWater) && !has(roles, R.flavouredWater);
  if (isBeverage(roles, rules)) return isWater ? KINDS.water : KINDS.beverage;
  if (isFat(roles, rules)) return KINDS.fat;
  if (has(roles, R.cheese) && !has(roles, R.fromageBlanc)) return KINDS.cheese;
  return isRedMeat(roles) ? KINDS.redMeat : KINDS.food;
}

function deriveFacts(roles: number, rules: RulesVersion): CategoryFacts {
  const isExempt2021 = has(roles, R.notApplicableIn2021) && !has(roles, R.applicableIn2021);
  const isExempt = has(roles, R.notApplicable) || (rules === '2021' && isExempt2021);
  const shares = DEFAULT_FRUIT_SHARES[rules];
  return Object.freeze({
    kind: kindOf(roles, rules),
    isKnown: has(roles, R.known),
    isApplicable: !isExempt,
    isAsPreparedOnly: has(roles, R.asPreparedOnly),
    isSweetened: has(roles, R.sweetened),
    fixedFruitShare: has(roles, R.oliveOil) ? 100 : NOT_GIVEN,
    defaultFruitShare: shares.find(([bit]) => has(roles, bit))?.[1] ?? NOT_GIVEN,
  });
}

/** Far above what real files hold (hundreds); keeps made-up input from filling the memory. */
const REMEMBERED_MAX = 10_000;

const remembered: Readonly<Record<RulesVersion, Map<number, CategoryFacts>>> = {
  '2023': new Map(),
  '2021': new Map(),
};

/** Facts of a product's roles (the OR of `CATEGORY_ROLES`) under one version of the rules. */
export function categoryFacts(roles: number, rules: RulesVersion): CategoryFacts {
  const known = remembered[rules].get(roles);
  if (known !== undefined) return known;
  if (remembered[rules].size >= REMEMBERED_MAX) remembered[rules].clear();
  const facts = deriveFacts(roles, rules);
  remembered[rules].set(roles, facts);
  return facts;
}
