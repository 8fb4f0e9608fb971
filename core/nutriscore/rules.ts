/** The form in which both versions of the Nutri-Score rules are written down. */
import type { RulesVersion } from '../../schemas/grade.ts';

/** The kinds of product that the rules tell apart; small integers, for columns and table look-ups. */
export const KINDS = { food: 0, beverage: 1, water: 2, fat: 3, cheese: 4, redMeat: 5 } as const;

export type KindName = keyof typeof KINDS;
export type Kind = (typeof KINDS)[KindName];

/** Name of kind `i`. */
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

/** Points of one nutrient: how many thresholds its value passes. */
export interface PointTable {
  readonly unit: 'kJ' | 'g' | 'mg' | '%';
  /** Ascending, as decimals exactly as published. */
  readonly thresholds: readonly number[];
  readonly comparison: '>' | '>=';
  /** Points once 1, 2, … thresholds are passed; without it 1, 2, …. */
  readonly points?: readonly number[];
  /**
   * Decimals to which the value is rounded, half up, before it is compared: one for all thresholds or one
   * each. Without it the value is compared as it is.
   */
  readonly roundedTo?: number | readonly number[];
  /** Rounded to so many decimals once before, as the official calculator does with the ratio. */
  readonly roundedBeforeTo?: number;
  /** How many of `unit` one unit of the input makes: 400 mg of sodium for 1 g of salt. */
  readonly perInput?: number;
}

/** When protein points are subtracted. */
export interface ProteinRule {
  /** Counted while the unfavourable points N are below this; `Infinity` for always. */
  readonly belowUnfavourable: number;
  /** Counted above it too when the fruit share has its maximum of points. */
  readonly isCountedAtFruitMaximum: boolean;
  /** At most so many points. */
  readonly pointsMax: number;
}

export interface KindRules {
  /** What the energy table is applied to: total energy, or the 37 kJ of each gram of saturated fat. */
  readonly energyFrom: 'total' | 'saturated fat';
  /** What the saturated-fat table is applied to: grams, or the share of all fat in %. */
  readonly saturatedFatFrom: 'grams' | 'ratio';
  readonly energy: PointTable;
  readonly sugars: PointTable;
  readonly saturatedFat: PointTable;
  readonly salt: PointTable;
  /** Points for at least one non-nutritive sweetener. */
  readonly sweetenerPoints: number;
  readonly fruitShare: PointTable;
  readonly fibre: PointTable;
  readonly proteins: PointTable;
  readonly protein: ProteinRule;
  /** Highest score of A, B, C and D. */
  readonly cutOffs: readonly [number, number, number, number];
}

export interface Rules {
  readonly version: RulesVersion;
  readonly source: string;
  readonly kinds: Readonly<Record<KindName, KindRules>>;
}
