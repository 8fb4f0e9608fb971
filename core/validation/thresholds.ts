/**
 * Numbers of the plausibility rules, per 100 g or 100 ml.
 * Source: Open Food Facts server, `lib/ProductOpener/DataQualityFood.pm`, `check_nutrition_data` and
 * `check_nutrition_data_energy_computation`; the names of its tags are in `codes.ts`.
 */
export const THRESHOLDS = {
  /** 105, not 100: 100 ml of some liquids weigh more than 100 g. Strictly above is impossible. */
  nutrientOver: 105,
  /** Ten times beyond the possible: the sign of a unit error (mg taken for g) or of a lost decimal point. */
  nutrientFarOver: 1000,
  /** Pure fat is 3700 kJ. */
  energyOverKj: 3800,
  /** Tolerance, in grams, of "the part is above the whole". */
  partOverWhole: 0.001,
  /** Open Food Facts compares fibre at two decimals, with a tolerance of one unit of the last. */
  fibrePartsOverFibre: 0.01,
  /** 1 kcal is 4.184 kJ; this much below and above, and `kcalRounding` for values rounded to integers. */
  kjPerKcalMin: 3.7,
  kjPerKcalMax: 4.7,
  kcalRounding: 2,
  /** Computed energy is compared only where the declared or the computed one is above this. */
  energyComparedKj: 55,
  energyComparedKcal: 13,
  /** Shares of the declared energy, with `computedRounding` beside them, in the unit compared. */
  computedRejectMin: 0.7,
  computedRejectMax: 1.3,
  computedWarnMin: 0.85,
  computedWarnMax: 1.15,
  computedRounding: 5,
  /** Organic acids of lemon juice, the sourest, per 100 g. */
  juiceAcidsGrams: 6,
  /** Identical values count only above this: small ones repeat by rounding. */
  identicalOver: 1,
  identicalMin: 3,
  /** "All identical" needs more than this many values. */
  allIdenticalMoreThan: 3,
  /** The longest GS1 code that names a product, a Digital Link, stays below this. */
  codeBytesMax: 256,
  saltTiny: 0.001,
  saltSmall: 0.01,
  saltLow: 0.1,
} as const;

/**
 * Slack for sums and products of decimals held as binary floats: 104.9 + 0.1 is 105.00000000000001 in some
 * orders. A billion times smaller than a gram, a million times larger than the noise of five terms below 10,000.
 */
export const FLOAT_NOISE = 1e-9;

/** Energy per gram (Regulation (EU) 1169/2011, annex XIV). Alcohol: see `energy-rules.ts`. */
export const ENERGY_PER_GRAM = {
  kj: { carbohydrates: 17, polyols: 10, proteins: 17, fat: 37, fibre: 8, organicAcids: 13 },
  kcal: { carbohydrates: 4, polyols: 2.4, proteins: 4, fat: 9, fibre: 2, organicAcids: 3 },
} as const;
