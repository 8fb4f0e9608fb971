import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../trainer/random.ts';
import { createMixture } from '../../../../trainer/tune/tpe/parzen-mixture.ts';

const numbers = { choiceCounts: [0], widthMin: 0.05 };

describe('a Parzen mixture', () => {
  it('is flat but for the prior where nothing was seen', () => {
    const mixture = createMixture([], [], numbers);
    const middle = mixture.logDensity(Float64Array.of(0.5));
    expect(middle - mixture.logDensity(Float64Array.of(0))).toBeCloseTo(0.125, 6);
  });

  it.each([
    [[0.02], [1]],
    [
      [0.1, 0.5, 0.95],
      [1, 3, 0.5],
    ],
  ])('has mass one on [0, 1] with kernels at %j', (centres, weights) => {
    const points = centres.map((centre) => Float64Array.of(centre));
    const mixture = createMixture(points, weights, numbers);
    const steps = 4000;
    let mass = 0;
    for (let step = 0; step < steps; step += 1) {
      mass += Math.exp(mixture.logDensity(Float64Array.of((step + 0.5) / steps))) / steps;
    }
    expect(mass).toBeCloseTo(1, 4);
  });

  it('has mass one over numbers and choices together', () => {
    const points = [Float64Array.of(0.3, 2), Float64Array.of(0.7, 0)];
    const mixture = createMixture(points, [1, 1], { choiceCounts: [0, 3], widthMin: 0.05 });
    let mass = 0;
    for (let choice = 0; choice < 3; choice += 1) {
      for (let step = 0; step < 1000; step += 1) {
        mass += Math.exp(mixture.logDensity(Float64Array.of((step + 0.5) / 1000, choice))) / 1000;
      }
    }
    expect(mass).toBeCloseTo(1, 4);
  });

  it('draws as its density says', () => {
    const points = [Float64Array.of(0.2, 1), Float64Array.of(0.25, 1)];
    const mixture = createMixture(points, [2, 1], { choiceCounts: [0, 4], widthMin: 0.05 });
    const random = createRandom(3, 'mixture');
    const draws = Array.from({ length: 20_000 }, () => mixture.sample(random));
    for (const choice of [0, 1, 2, 3]) {
      let expected = 0;
      for (let step = 0; step < 500; step += 1) {
        expected += Math.exp(mixture.logDensity(Float64Array.of((step + 0.5) / 1000, choice))) / 1000;
      }
      const drawn = draws.filter((point) => (point[0] ?? 1) < 0.5 && point[1] === choice).length;
      expect(drawn / draws.length).toBeCloseTo(expected, 1.7);
    }
  });
});
