/**
 * The Nutri-Score rules of 2023 (solid food 2022, beverages 2023), as tables.
 *
 * Declared values are compared as they are. Only the fruit share and the ratio are rounded, to one decimal,
 * as Open Food Facts does.
 */
import type { KindRules, PointTable, Rules } from './rules.ts';

const energy: PointTable = {
  unit: 'kJ',
  comparison: '>',
  thresholds: [335, 670, 1005, 1340, 1675, 2010, 2345, 2680, 3015, 3350],
};

const beverageEnergy: PointTable = {
  unit: 'kJ',
  comparison: '>',
  thresholds: [30, 90, 150, 210, 240, 270, 300, 330, 360, 390],
};

const energyFromSaturatedFat: PointTable = {
  unit: 'kJ',
  comparison: '>',
  thresholds: [120, 240, 360, 480, 600, 720, 840, 960, 1080, 1200],
};

const sugars: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [3.4, 6.8, 10, 14, 17, 20, 24, 27, 31, 34, 37, 41, 44, 48, 51],
};

const beverageSugars: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [0.5, 2, 3.5, 5, 6, 7, 8, 9, 10, 11],
};

const saturatedFat: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
};

const saturatedRatio: PointTable = {
  unit: '%',
  comparison: '>=',
  thresholds: [10, 16, 22, 28, 34, 40, 46, 52, 58, 64],
  roundedTo: 1,
};

/** Written out: 3 x 0.2 is 0.6000000000000001 in binary, and 0.6 g must not pass 0.6. */
const salt: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [
    0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0, 3.2, 3.4, 3.6, 3.8, 4.0,
  ],
};

const fibre: PointTable = { unit: 'g', comparison: '>', thresholds: [3.0, 4.1, 5.2, 6.3, 7.4] };

const proteins: PointTable = { unit: 'g', comparison: '>', thresholds: [2.4, 4.8, 7.2, 9.6, 12, 14, 17] };

const beverageProteins: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3.0],
};

const fruitShare: PointTable = {
  unit: '%',
  comparison: '>',
  thresholds: [40, 60, 80],
  points: [1, 2, 5],
  roundedTo: 1,
};

const beverageFruitShare: PointTable = { ...fruitShare, points: [2, 4, 6] };

const food: KindRules = {
  energyFrom: 'total',
  saturatedFatFrom: 'grams',
  energy,
  sugars,
  saturatedFat,
  salt,
  sweetenerPoints: 0,
  fruitShare,
  fibre,
  proteins,
  protein: { belowUnfavourable: 11, isCountedAtFruitMaximum: false, pointsMax: 7 },
  cutOffs: [0, 2, 10, 18],
};

/** Never A: only water is. */
const beverage: KindRules = {
  ...food,
  energy: beverageEnergy,
  sugars: beverageSugars,
  sweetenerPoints: 4,
  fruitShare: beverageFruitShare,
  proteins: beverageProteins,
  protein: { ...food.protein, belowUnfavourable: Number.POSITIVE_INFINITY },
  cutOffs: [Number.NEGATIVE_INFINITY, 2, 6, 9],
};

export const RULES_2023: Rules = {
  version: '2023',
  source: 'Santé publique France, update of the algorithm 2022/2023, as implemented by Open Food Facts',
  kinds: {
    food,
    beverage,
    water: { ...beverage, cutOffs: [Number.POSITIVE_INFINITY, 2, 6, 9] },
    fat: {
      ...food,
      energyFrom: 'saturated fat',
      saturatedFatFrom: 'ratio',
      energy: energyFromSaturatedFat,
      saturatedFat: saturatedRatio,
      protein: { ...food.protein, belowUnfavourable: 7 },
      cutOffs: [-6, 2, 10, 18],
    },
    cheese: { ...food, protein: { ...food.protein, belowUnfavourable: Number.POSITIVE_INFINITY } },
    redMeat: { ...food, protein: { ...food.protein, pointsMax: 2 } },
  },
};
