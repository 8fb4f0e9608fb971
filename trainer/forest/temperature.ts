/**
 * One number that all margins are divided by, so that probabilities are as often right as they say. Source: Guo,
 * Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (2017). It moves no grade.
 */
import { logLoss, softmaxInto } from './softmax.ts';

const LOWEST = 0.25;
const HIGHEST = 4;
const STEPS = 20;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Temperature with the least log loss on rows that were not trained on, by golden-section search. */
export function fitTemperature(margins: Float32Array, labels: Float32Array, classCount: number): number {
  const scaled = new Float32Array(margins.length);
  const probabilities = new Float32Array(margins.length);
  const lossAt = (logTemperature: number): number => {
    const factor = Math.exp(-logTemperature);
    for (let at = 0; at < margins.length; at += 1) scaled[at] = (margins[at] as number) * factor;
    softmaxInto(scaled, probabilities, classCount);
    return logLoss(probabilities, labels, classCount);
  };
  let low = Math.log(LOWEST);
  let high = Math.log(HIGHEST);
  for (let step = 0; step < STEPS; step += 1) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (lossAt(left) < lossAt(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}
