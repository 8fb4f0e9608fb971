import { expect, it } from 'vitest';
import { gaussLegendre } from '../../../core/forest/gauss-legendre.ts';

it.each([1, 2, 4, 8, 16, 64])('integrates powers up to 2 x %i - 1 over [0, 1] exactly', (count) => {
  const { points, weights } = gaussLegendre(count);
  for (let power = 0; power < 2 * count; power += 1) {
    const integral = points.reduce((sum, point, at) => sum + (weights[at] ?? 0) * point ** power, 0);
    expect(integral, `power ${power}`).toBeCloseTo(1 / (power + 1), 13);
  }
});
