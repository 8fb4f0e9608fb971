/**
 * Value that a standard normal variable stays below with this probability; its error is below 4.5e-4.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), formula 26.2.23.
 * @param probability above 0 and below 1
 * @throws {RangeError}
 */
export function normalQuantile(probability: number): number {
  const isProbability = probability > 0 && probability < 1;
  if (!isProbability) throw new RangeError(`a probability lies between 0 and 1, not ${probability}`);
  const tail = Math.min(probability, 1 - probability);
  const t = Math.sqrt(-2 * Math.log(tail));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  const upper = t - numerator / denominator;
  return probability < 0.5 ? -upper : upper;
}
