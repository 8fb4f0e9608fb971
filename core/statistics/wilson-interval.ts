import { normalQuantile } from './normal-quantile.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Interval that a share lies in with this confidence, by the score test: it keeps what it promises near 0 and 1 too,
 * where the usual plus or minus two standard errors says that nothing can go wrong.
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
 * Statistical Association 22 (1927), 209-212; compared with others by Newcombe, Statistics in Medicine 17 (1998), 857-872.
 * @param confidence @default 0.95
 * @throws {RangeError} without rows, or with more hits than rows
 */
export function wilsonInterval(hits: number, rows: number, confidence = 0.95): Interval {
  const isShare = rows > 0 && hits >= 0 && hits <= rows;
  if (!isShare) throw new RangeError(`${hits} of ${rows} rows is no share`);
  const z2 = normalQuantile((1 + confidence) / 2) ** 2;
  const share = hits / rows;
  const middle = share + z2 / (2 * rows);
  const reach = Math.sqrt(z2 * ((share * (1 - share)) / rows + z2 / (4 * rows ** 2)));
  const scale = 1 + z2 / rows;
  // The ends are 0 and 1 by the formula itself; rounding may pass them by a hair.
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) };
}
