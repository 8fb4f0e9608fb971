/**
 * A density over positions: one kernel for each observed point and a wide one that stands for what is believed
 * before anything was seen. A kernel is a product over the dimensions (multivariate: it keeps what goes together),
 * a normal cut off at 0 and 1 for a number, the Aitchison-Aitken kernel for a choice.
 *
 * Sources: Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (NIPS 2011), section 4; Watanabe,
 * "Tree-Structured Parzen Estimator" (arXiv:2304.11127, 2023), sections 3.3 for widths and the prior, and C.
 */
import type { Random } from '../../random.ts';

/** Width of the prior's kernel: on [0, 1] nearly flat. */
const PRIOR_WIDTH = 1;

export interface MixtureSettings {
  /** Choices of each dimension; 0 for a number. */
  readonly choiceCounts: readonly number[];
  /** Narrowest kernel: below it, a run of near-equal good trials would be tried for ever. */
  readonly widthMin: number;
}

export interface ParzenMixture {
  /** A point drawn from the density. */
  sample(random: Random): Float64Array;
  /** Natural logarithm of the density at a point. */
  logDensity(point: Float64Array): number;
}

interface Kernels {
  readonly count: number;
  readonly dimensions: number;
  /** `[kernel * dimensions + dimension]`. */
  readonly centres: Float64Array;
  /** One width for each dimension of a kernel: of a normal, or the probability of another choice. */
  readonly widths: Float64Array;
  readonly logWeights: Float64Array;
  /** What of a kernel's logarithm does not depend on the point, weight included. */
  readonly logConstants: Float64Array;
}

/**
 * @param points positions of the observed trials.
 * @param weights of the points, above 0; the prior's kernel has their mean.
 */
export function createMixture(
  points: readonly Float64Array[],
  weights: readonly number[],
  settings: MixtureSettings,
): ParzenMixture {
  const kernels = createKernels(points, weights, settings);
  const cumulative = cumulate(kernels.logWeights);
  const { choiceCounts } = settings;
  return {
    sample(random) {
      const kernel = pickKernel(cumulative, random.next()) * kernels.dimensions;
      return Float64Array.from(choiceCounts, (choices, at) => {
        const centre = kernels.centres[kernel + at] ?? 0;
        const width = kernels.widths[kernel + at] ?? 1;
        return choices > 0
          ? sampleChoice(centre, width, choices, random)
          : sampleCutNormal(centre, width, random);
      });
    },
    logDensity: (point) => logDensityAt(kernels, choiceCounts, point),
  };
}

function createKernels(
  points: readonly Float64Array[],
  weights: readonly number[],
  settings: MixtureSettings,
): Kernels {
  const { choiceCounts } = settings;
  const dimensions = choiceCounts.length;
  const count = points.length + 1;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const priorWeight = points.length === 0 ? 1 : total / points.length;
  const logWeights = Float64Array.from({ length: count }, (_, kernel) =>
    Math.log((weights[kernel] ?? priorWeight) / (total + priorWeight)),
  );
  const centres = new Float64Array(count * dimensions);
  const widths = new Float64Array(count * dimensions);
  choiceCounts.forEach((choices, at) => {
    const column = points.map((point) => point[at] ?? 0);
    const width = choices > 0 ? choiceWidth(choices, count) : normalWidth(column, dimensions, settings);
    for (let kernel = 0; kernel < count; kernel += 1) {
      const isPrior = kernel === points.length;
      // A prior over choices is flat whatever its centre: every other choice is as likely as the own one.
      const priorWidth = choices > 0 ? (choices - 1) / choices : PRIOR_WIDTH;
      centres[kernel * dimensions + at] = column[kernel] ?? (choices > 0 ? 0 : 0.5);
      widths[kernel * dimensions + at] = isPrior ? priorWidth : width;
    }
  });
  const logConstants = logWeights.map((logWeight, kernel) => {
    let log = logWeight;
    for (let at = 0; at < dimensions; at += 1) {
      if ((choiceCounts[at] ?? 0) > 0) continue;
      const centre = centres[kernel * dimensions + at] ?? 0;
      const width = widths[kernel * dimensions + at] ?? 1;
      log -= Math.log(width * massInside(centre, width) * Math.sqrt(2 * Math.PI));
    }
    return log;
  });
  return { count, dimensions, centres, widths, logWeights, logConstants };
}

/**
 * Scott's rule, from the spread of the points themselves: the group of good trials draws together while a
 * study goes on, and the kernels with it. Refused: the distance to the neighbours in one dimension (hyperopt),
 * which is narrow wherever two points of a multivariate cloud happen to share a value.
 */
function normalWidth(column: readonly number[], dimensions: number, { widthMin }: MixtureSettings): number {
  const count = Math.max(1, column.length);
  const mean = column.reduce((sum, value) => sum + value, 0) / count;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1);
  const width = Math.sqrt(variance) * count ** (-1 / (dimensions + 4));
  return Math.min(PRIOR_WIDTH, Math.max(widthMin, width));
}

/** Probability of any other choice than the observed one: falls as observations gather. */
function choiceWidth(choices: number, kernels: number): number {
  return (choices - 1) / (kernels + choices);
}

function logDensityAt(kernels: Kernels, choiceCounts: readonly number[], point: Float64Array): number {
  const { count, dimensions, centres, widths, logConstants } = kernels;
  const logs = new Float64Array(count);
  let highest = Number.NEGATIVE_INFINITY;
  // Plain loops: a suggestion evaluates candidates x trials x dimensions of these terms.
  for (let kernel = 0; kernel < count; kernel += 1) {
    let log = logConstants[kernel] as number;
    for (let at = 0; at < dimensions; at += 1) {
      const width = widths[kernel * dimensions + at] as number;
      const offset = (point[at] as number) - (centres[kernel * dimensions + at] as number);
      const choices = choiceCounts[at] as number;
      if (choices === 0) log -= 0.5 * (offset / width) ** 2;
      else if (choices > 1) log += Math.log(offset === 0 ? 1 - width : width / (choices - 1));
    }
    logs[kernel] = log;
    if (log > highest) highest = log;
  }
  let sum = 0;
  for (let kernel = 0; kernel < count; kernel += 1) sum += Math.exp((logs[kernel] as number) - highest);
  return highest + Math.log(sum);
}

function cumulate(logWeights: Float64Array): Float64Array {
  let sum = 0;
  return logWeights.map((log) => {
    sum += Math.exp(log);
    return sum;
  });
}

function pickKernel(cumulative: Float64Array, draw: number): number {
  const found = cumulative.findIndex((share) => draw < share);
  return found === -1 ? cumulative.length - 1 : found;
}

/** By rejection: at least 38 % of a normal no wider than the range, centred in it, lies inside. */
function sampleCutNormal(centre: number, width: number, random: Random): number {
  for (;;) {
    const value = centre + width * random.normal();
    if (value >= 0 && value <= 1) return value;
  }
}

function sampleChoice(centre: number, width: number, choices: number, random: Random): number {
  if (choices === 1 || !random.chance(width)) return centre;
  const other = random.integer(choices - 1);
  return other < centre ? other : other + 1;
}

/** Share of a normal that lies in [0, 1]. */
function massInside(centre: number, width: number): number {
  return normalBelow((1 - centre) / width) - normalBelow(-centre / width);
}

/** Standard normal distribution function; Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
function normalBelow(deviations: number): number {
  const at = Math.abs(deviations);
  const t = 1 / (1 + 0.2316419 * at);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = Math.exp(-0.5 * at * at) * 0.3989422804014327 * series;
  return deviations > 0 ? 1 - above : above;
}
