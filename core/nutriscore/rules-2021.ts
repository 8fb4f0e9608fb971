/**
 * The Nutri-Score rules of 2017, as they stood until 2021, as tables.
 *
 * Values are rounded half up to one digit more than the threshold shows. Where Open Food Facts and the
 * official calculator differ (protein between 8.00 and 8.05 g: 5 points there, 4 here) the calculator is
 * followed.
 */
import type { KindRules, PointTable, Rules } from './rules.ts';

const energy: PointTable = {
  unit: 'kJ',
  comparison: '>',
  thresholds: [335, 670, 1005, 1340, 1675, 2010, 2345, 2680, 3015, 3350],
  roundedTo: 1,
};

const beverageEnergy: PointTable = {
  unit: 'kJ',
  comparison: '>',
  thresholds: [0, 30, 60, 90, 120, 150, 180, 210, 240, 270],
  roundedTo: 1,
};

const sugars: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [4.5, 9, 13.5, 18, 22.5, 27, 31, 36, 40, 45],
  roundedTo: [2, 1, 2, 1, 2, 1, 1, 1, 1, 1],
};

const beverageSugars: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [0, 1.5, 3, 4.5, 6, 7.5, 9, 10.5, 12, 13.5],
  roundedTo: [1, 2, 1, 2, 1, 2, 1, 2, 1, 2],
};

const saturatedFat: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  roundedTo: 1,
};

const saturatedRatio: PointTable = {
  unit: '%',
  comparison: '>=',
  thresholds: [10, 16, 22, 28, 34, 40, 46, 52, 58, 64],
  roundedBeforeTo: 2,
  roundedTo: 1,
};

const sodium: PointTable = {
  unit: 'mg',
  comparison: '>',
  thresholds: [90, 180, 270, 360, 450, 540, 630, 720, 810, 900],
  roundedTo: 1,
  perInput: 400,
};

const fibre: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [0.9, 1.9, 2.8, 3.7, 4.7],
  roundedTo: 2,
};

const proteins: PointTable = {
  unit: 'g',
  comparison: '>',
  thresholds: [1.6, 3.2, 4.8, 6.4, 8.0],
  roundedTo: [2, 2, 2, 2, 1],
};

const fruitShare: PointTable = {
  unit: '%',
  comparison: '>',
  thresholds: [40, 60, 80],
  points: [1, 2, 5],
  roundedTo: 1,
};

const food: KindRules = {
  energyFrom: 'total',
  saturatedFatFrom: 'grams',
  energy,
  sugars,
  saturatedFat,
  salt: sodium,
  sweetenerPoints: 0,
  fruitShare,
  fibre,
  proteins,
  protein: { belowUnfavourable: 11, isCountedAtFruitMaximum: true, pointsMax: 5 },
  cutOffs: [-1, 2, 10, 18],
};

/** Never A: only water is. */
const beverage: KindRules = {
  ...food,
  energy: beverageEnergy,
  sugars: beverageSugars,
  fruitShare: { ...fruitShare, points: [2, 4, 10] },
  cutOffs: [Number.NEGATIVE_INFINITY, 1, 5, 9],
};

export const RULES_2021: Rules = {
  version: '2021',
  source: 'Santé publique France, calculator of 2017, edition of 2021',
  kinds: {
    food,
    beverage,
    water: { ...beverage, cutOffs: [Number.POSITIVE_INFINITY, 1, 5, 9] },
    fat: { ...food, saturatedFatFrom: 'ratio', saturatedFat: saturatedRatio },
    cheese: { ...food, protein: { ...food.protein, belowUnfavourable: Number.POSITIVE_INFINITY } },
    redMeat: food,
  },
};
