/**
 * Functions on which optimisers are compared; source: Surjanovic and Bingham, Virtual Library of Simulation
 * Experiments (sfu.ca/~ssurjano), `branin` and `hart6`.
 */
import type { ParameterValues, SearchSpace } from '../../../../trainer/tune/tpe/search-space.ts';

export interface TestFunction {
  readonly name: string;
  readonly space: SearchSpace;
  readonly minimum: number;
  evaluate(values: ParameterValues): number;
}

export const BRANIN: TestFunction = {
  name: 'Branin',
  space: {
    x: { kind: 'uniform', low: -5, high: 10 },
    y: { kind: 'uniform', low: 0, high: 15 },
  },
  minimum: 0.397887,
  evaluate(values) {
    const [x, y] = [Number(values['x']), Number(values['y'])];
    const valley = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
    return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
};

const HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2];
const HARTMANN_SCALES = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const HARTMANN_NAMES = ['x1', 'x2', 'x3', 'x4', 'x5', 'x6'];

export const HARTMANN_6: TestFunction = {
  name: 'Hartmann6',
  space: Object.fromEntries(HARTMANN_NAMES.map((name) => [name, { kind: 'uniform', low: 0, high: 1 }])),
  minimum: -3.32237,
  evaluate(values) {
    const peaks = HARTMANN_WEIGHTS.map((weight, peak) => {
      const distance = HARTMANN_NAMES.reduce((sum, name, at) => {
        const offset = Number(values[name]) - (HARTMANN_CENTRES[peak]?.[at] ?? 0);
        return sum + (HARTMANN_SCALES[peak]?.[at] ?? 0) * offset ** 2;
      }, 0);
      return weight * Math.exp(-distance);
    });
    return -peaks.reduce((sum, peak) => sum + peak, 0);
  },
};
