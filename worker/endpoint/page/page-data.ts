/** What the page shows of the rules, from the tables that grade. */
import { createPointScale } from '../../../core/nutriscore/points.ts';
import { KIND_NAMES, type KindName, type KindRules } from '../../../core/nutriscore/rules.ts';
import { RULES_2021 } from '../../../core/nutriscore/rules-2021.ts';
import { RULES_2023 } from '../../../core/nutriscore/rules-2023.ts';
import { WARNINGS } from '../../../core/validation/codes.ts';
import type { RulesVersion } from '../../../schemas/grade.ts';
import type { OfficialGrade } from '../../../schemas/http.ts';
import { EXAMPLES, type Example } from './examples.ts';

type PointName = keyof OfficialGrade['points'];

interface KindWords {
  /** Such as `as a beverage`. */
  readonly words: string;
  /** Where a row of points is of something else than its nutrient. */
  readonly names: Partial<Record<PointName, string>>;
  /** Which score makes which grade, in a sentence. */
  readonly cutOffs: string;
}

export interface PageData {
  readonly maxima: Readonly<Record<KindName, Readonly<Record<PointName, number>>>>;
  readonly kinds: Readonly<Record<KindName, KindWords>>;
  /** Sentence of each warning, by its code. */
  readonly warnings: Readonly<Record<string, string>>;
  readonly categories: readonly string[];
  readonly examples: Readonly<Record<string, Example>>;
}

const WORDS: Readonly<Record<KindName, string>> = {
  food: 'as solid food',
  beverage: 'as a beverage',
  water: 'as water',
  fat: 'as a fat, oil, nut or seed',
  cheese: 'as a cheese',
  redMeat: 'as red meat',
};

/** To choose from; any other category may be typed. */
const CATEGORIES = [
  'Beef',
  'Biscuits and cakes',
  'Breads',
  'Breakfast cereals',
  'Butters',
  'Cheeses',
  'Chocolates',
  'Crispbreads',
  'Crisps',
  'Fruit juices',
  'Fruits',
  'Hams',
  'Hazelnut spreads',
  'Ice creams',
  'Jams',
  'Legumes',
  'Milks',
  'Nuts',
  'Olive oils',
  'Pizzas',
  'Plant-based milk alternatives',
  'Sauces',
  'Sodas',
  'Soups',
  'Vegetables',
  'Waters',
  'Yogurts',
] as const;

export function pageData(version: RulesVersion): PageData {
  const { kinds } = version === '2023' ? RULES_2023 : RULES_2021;
  const perKind = <T>(make: (rules: KindRules, kind: KindName) => T) =>
    Object.fromEntries(KIND_NAMES.map((kind) => [kind, make(kinds[kind], kind)])) as Record<KindName, T>;
  return {
    maxima: perKind(maximaOf),
    kinds: perKind((rules, kind) => ({
      words: WORDS[kind],
      names: namesOf(rules),
      cutOffs: cutOffsText(rules),
    })),
    warnings: Object.fromEntries(WARNINGS.map(({ code, sentence }) => [code, sentence])),
    categories: CATEGORIES,
    examples: EXAMPLES,
  };
}

function maximaOf(rules: KindRules): Record<PointName, number> {
  const most = (name: 'energy' | 'sugars' | 'saturatedFat' | 'salt' | 'fruitShare' | 'fibre' | 'proteins') =>
    createPointScale(rules[name]).pointsMax;
  return {
    energy: most('energy'),
    sugars: most('sugars'),
    saturatedFat: most('saturatedFat'),
    salt: most('salt'),
    sweeteners: rules.sweetenerPoints,
    fruitShare: most('fruitShare'),
    fibre: most('fibre'),
    proteins: Math.min(most('proteins'), rules.protein.pointsMax),
  };
}

function namesOf({ energyFrom, saturatedFatFrom }: KindRules): KindWords['names'] {
  return {
    ...(energyFrom === 'total' ? {} : { energy: 'Energy of the saturated fat' }),
    ...(saturatedFatFrom === 'grams' ? {} : { saturatedFat: 'Saturated fat of all fat' }),
  };
}

/** Ranges without an end are those of water, which is A, and of beverages, which never are. */
function cutOffsText({ cutOffs }: KindRules): string {
  const [a, b, c, d] = cutOffs;
  if (a === Number.POSITIVE_INFINITY) return 'Water is A whatever its score.';
  const first = a === Number.NEGATIVE_INFINITY ? `B up to ${b}` : `A up to ${a}, B up to ${b}`;
  return `By the score: ${first}, C up to ${c}, D up to ${d}, E above.`;
}
