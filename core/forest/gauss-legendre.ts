/** Points and weights of the quadrature on [0, 1] that is exact for polynomials of degree `2 count - 1`. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

const NEWTON_STEPS_MAX = 100;
const PRECISION = 1e-15;

/** Roots of the Legendre polynomial by Newton's method, from the asymptotic guess (Abramowitz and Stegun, 22.16.6). */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    let x = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let { slope, value } = legendre(count, x);
    for (let step = 0; step < NEWTON_STEPS_MAX && Math.abs(value / slope) > PRECISION; step += 1) {
      x -= value / slope;
      ({ slope, value } = legendre(count, x));
    }
    // From [-1, 1] to [0, 1].
    points[index] = (1 - x) / 2;
    weights[index] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

/** The polynomial of a degree above 0 and its derivative at x, by Bonnet's recursion. */
function legendre(degree: number, x: number): { readonly value: number; readonly slope: number } {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n += 1) {
    [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
