/** From a folder of files to a model artefact in memory; nothing is written here. */
import { createHash } from 'node:crypto';
import { env } from 'onnxruntime-node';
import { FEATURE_NAMES } from '../core/features/feature-table.ts';
import { canonicalJson, modelVersion } from '../core/models/model-version.ts';
import { GRADES } from '../schemas/grade.ts';
import type { ModelManifest } from '../schemas/model.ts';
import { type Evaluation, evaluate, evaluationSets, predictRows } from './evaluate/evaluation.ts';
import { modelCard } from './evaluate/model-card.ts';
import { referenceOf } from './evaluate/reference-histograms.ts';
import { ML_OPSET, OPSET, onnxBytes } from './onnx/onnx-model.ts';
import { checkParity, type Parity } from './onnx/onnx-parity.ts';
import { readBoosterJson, type TreeEnsemble } from './onnx/tree-ensemble.ts';
import { readSources } from './rows/read-sources.ts';
import { SOURCE_RULES } from './rows/source-table.ts';
import { makeTrainingRows, type Split, splitProducts, type TrainingRows } from './rows/training-set.ts';
import type { TrainOptions } from './train-options.ts';
import { Booster, type BoosterParameters, TrainingMatrix } from './xgboost/booster.ts';
import type { XgboostLibrary } from './xgboost/xgboost-library.ts';

export interface ModelArtefact {
  readonly manifest: ModelManifest;
  readonly onnx: Uint8Array;
  /** Content of `reference.json`. */
  readonly reference: string;
  /** Content of `MODEL_CARD.md`. */
  readonly card: string;
}

const ATTRIBUTION = 'Open Food Facts contributors, openfoodfacts.org';
/** Rounds between two progress lines. */
const REPORT_ROUNDS = 20;

/**
 * Trains, evaluates on held-out products, exports and compares. Deterministic: the same files, options and
 * library give the same bytes.
 * @throws {NoSourcesError} without a known file, {ParityError} when the export is not the trained model.
 */
export async function trainModel(
  options: TrainOptions & { readonly createdAt: string },
  library: XgboostLibrary,
  report: (line: string) => void,
): Promise<ModelArtefact> {
  const sources = await readSources(options.data);
  for (const { name, rows } of sources.files) report(`read ${rows} rows of ${name}`);
  const split = splitProducts(sources.pool, options.seed, options.heldOut);
  report(`${split.training.columns.rowCount} rows to train on, ${split.heldOut.columns.rowCount} held out`);
  const rows = makeTrainingRows(split.training, options.seed, options.copies);
  report(`training on ${rows.features.rowCount} rows, ${rows.realRowCount} of them real`);
  const parameters = boosterParameters(options);
  using matrix = new TrainingMatrix(library, rows.features, rows.labels, rows.weights);
  using booster = new Booster(library, [matrix], parameters);
  for (let round = 0; round < options.numBoostRound; round += 1) {
    booster.update(round, matrix);
    if ((round + 1) % REPORT_ROUNDS === 0) report(`round ${round + 1} of ${options.numBoostRound}`);
  }
  const ensemble = readBoosterJson(booster.toJson());
  const onnx = onnxBytes(ensemble);
  const { evaluations, parity } = await judge(split, options.seed, library, booster, onnx);
  for (const { name, accuracy, rowCount } of evaluations) {
    report(`${name}: ${(accuracy * 100).toFixed(1)} % of ${rowCount} held-out rows`);
  }
  const reference = `${JSON.stringify(referenceOf(rows, FEATURE_NAMES), null, 1)}\n`;
  const manifest = manifestOf({
    options,
    onnx,
    ensemble,
    reference,
    rows,
    evaluations,
    fingerprint: sources.fingerprint,
    parameters,
    library,
  });
  report(`model ${manifest.version}: ONNX agrees within ${parity.differenceMax.toExponential(1)}`);
  const card = modelCard({ manifest, evaluations, parity, command: commandOf(options) });
  return { manifest, onnx, reference, card };
}

function boosterParameters(options: TrainOptions): BoosterParameters {
  return {
    objective: 'multi:softprob',
    num_class: GRADES.length,
    tree_method: 'hist',
    // Leaves where they gain most: at the same size of file more exact than full levels.
    grow_policy: 'lossguide',
    max_depth: options.maxDepth,
    max_leaves: options.maxLeaves,
    eta: options.learningRate,
    min_child_weight: 4,
    subsample: 0.8,
    colsample_bytree: 0.9,
    seed: options.seed,
    nthread: options.threads,
  };
}

async function judge(
  split: Split,
  seed: number,
  library: XgboostLibrary,
  booster: Booster,
  onnx: Uint8Array,
): Promise<{ evaluations: Evaluation[]; parity: Parity }> {
  const evaluations: Evaluation[] = [];
  let parity: Parity = { rows: 0, differenceMax: 0, differentLabels: 0 };
  for (const set of evaluationSets(split, seed)) {
    if (set.rows.features.rowCount === 0) continue;
    const probabilities = predictRows(library, booster, set.rows);
    const one = await checkParity(onnx, set.rows.features, probabilities);
    parity = {
      rows: parity.rows + one.rows,
      differenceMax: Math.max(parity.differenceMax, one.differenceMax),
      differentLabels: parity.differentLabels + one.differentLabels,
    };
    evaluations.push(evaluate(set, probabilities));
  }
  return { evaluations, parity };
}

interface ManifestInput {
  readonly options: TrainOptions & { readonly createdAt: string };
  readonly onnx: Uint8Array;
  readonly ensemble: TreeEnsemble;
  readonly reference: string;
  readonly rows: TrainingRows;
  readonly evaluations: readonly Evaluation[];
  readonly fingerprint: string;
  readonly parameters: BoosterParameters;
  readonly library: XgboostLibrary;
}

function manifestOf(input: ManifestInput): ModelManifest {
  const { options, onnx, ensemble, reference, rows, parameters } = input;
  const { nthread: _, ...shaping } = parameters;
  const manifest: Omit<ModelManifest, 'version'> = {
    format: 1,
    createdAt: options.createdAt,
    features: [...FEATURE_NAMES],
    classes: [...GRADES],
    rules: '2023',
    onnx: {
      sha256: sha256(onnx),
      bytes: onnx.length,
      opset: OPSET,
      mlOpset: ML_OPSET,
      trees: ensemble.treeCount,
      maxDepth: ensemble.maxDepth,
    },
    referenceSha256: sha256(reference),
    trainingData: {
      fingerprint: input.fingerprint,
      rows: rows.features.rowCount,
      sources: sourceCounts(rows),
      attribution: ATTRIBUTION,
    },
    parameters: {
      ...shaping,
      num_boost_round: options.numBoostRound,
      copies: options.copies,
      held_out: options.heldOut,
    },
    metrics: metricsOf(input.evaluations),
    libraries: { xgboost: input.library.version, 'onnxruntime-node': env.versions.node ?? 'unknown' },
  };
  return { version: modelVersion(manifest), ...manifest };
}

function sourceCounts({ pool, realRowCount }: TrainingRows): { name: string; rows: number }[] {
  const counts = SOURCE_RULES.map(({ name }, source) => ({
    name,
    rows: pool.sources.subarray(0, realRowCount).filter((of) => of === source).length,
  }));
  return [
    ...counts.filter(({ rows }) => rows > 0),
    { name: 'made', rows: pool.columns.rowCount - realRowCount },
  ];
}

/** `accuracy.<set>` and its like; six decimals, so that the manifest stays readable. */
function metricsOf(evaluations: readonly Evaluation[]): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const { name, rowCount, accuracy, macroF1, withinOneGrade } of evaluations) {
    const figures = { rows: rowCount, accuracy, macro_f1: macroF1, within_one_grade: withinOneGrade };
    for (const [figure, value] of Object.entries(figures))
      metrics[`${figure}.${name}`] = Number(value.toFixed(6));
  }
  return metrics;
}

function commandOf(options: TrainOptions & { readonly createdAt: string }): string {
  return (
    `npm run train -- --data <folder with the files> --out <folder> --seed ${options.seed} ` +
    `--num-boost-round ${options.numBoostRound} --max-depth ${options.maxDepth} --max-leaves ${options.maxLeaves} ` +
    `--learning-rate ${options.learningRate} --copies ${options.copies} --held-out ${options.heldOut} ` +
    `--created-at ${options.createdAt}`
  );
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The manifest as it is written: readable, its keys in the order of their names. */
export function manifestJson(manifest: ModelManifest): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(manifest)), null, 2)}\n`;
}
