/** From a folder of files to a model artefact in memory; nothing is written here. */
import { FEATURE_NAMES } from '../core/features/feature-table.ts';
import { GRADES } from '../schemas/grade.ts';
import type { ModelManifest } from '../schemas/model.ts';
import type { ReportData } from '../schemas/report-data.ts';
import { type Baseline, majority, predictRows, RULES_WITH_ZERO, shallowTrees } from './evaluate/baselines.ts';
import { type Evaluation, evaluate } from './evaluate/evaluation.ts';
import { type EvaluationSet, evaluationSets } from './evaluate/evaluation-sets.ts';
import { predictedGrades } from './evaluate/figures.ts';
import { modelCard } from './evaluate/model-card.ts';
import { previousModel } from './evaluate/previous-model.ts';
import { referenceOf } from './evaluate/reference-histograms.ts';
import { boosterJson } from './forest/booster-json.ts';
import { type ForestParameters, type GrownForest, growForest } from './forest/grow-forest.ts';
import { fitTemperature } from './forest/temperature.ts';
import { manifestOf } from './model-manifest.ts';
import { onnxBytes } from './onnx/onnx-model.ts';
import { checkParity, type Parity } from './onnx/onnx-parity.ts';
import { shareTrees } from './onnx/share-trees.ts';
import { readBoosterJson, type TreeEnsemble } from './onnx/tree-ensemble.ts';
import { featureImportance } from './report/feature-importance.ts';
import { readSources } from './rows/read-sources.ts';
import { type LabelledRows, makeTrainingRows, splitProducts } from './rows/training-set.ts';
import { commandOf, type TrainOptions } from './train-options.ts';
import { visitsPerRow } from './tune/objective/predicted-speed.ts';
import { Booster, type FeatureRows, TrainingMatrix } from './xgboost/booster.ts';
import type { XgboostLibrary } from './xgboost/xgboost-library.ts';

export interface ModelArtefact {
  readonly manifest: ModelManifest;
  readonly onnx: Uint8Array;
  /** Content of `reference.json`. */
  readonly reference: string;
  /** Content of `MODEL_CARD.md`. */
  readonly card: string;
  /** What the report is drawn from. */
  readonly reportData: ReportData;
}

/** Rounds between two progress lines. */
const REPORT_ROUNDS = 20;
/** Least probability whose logarithm is taken: below it float32 knows no difference. */
const PROBABILITY_MIN = 1e-30;

/**
 * Trains, calibrates, exports, compares the export with libxgboost and evaluates on held-out products.
 * Deterministic: the same files, options and library give the same bytes, with any number of threads.
 * @throws {NoSourcesError} without a known file, {ParityError} when the export is not the trained model.
 */
export async function trainModel(
  options: TrainOptions & { readonly createdAt: string },
  library: XgboostLibrary,
  report: (line: string) => void,
): Promise<ModelArtefact> {
  const previous = options.previous === undefined ? [] : [await previousModel(options.previous)];
  const sources = await readSources(options.data);
  for (const { name, rows: count } of sources.files) report(`read ${count} rows of ${name}`);
  const { training, validation, heldOut } = splitProducts(
    sources.pool,
    options.seed,
    options.heldOut,
    options.validation,
  );
  const [own, chosen, judged] = [training, validation, heldOut].map(({ columns }) => columns.rowCount);
  report(`${own} rows to train on, ${chosen} to choose rounds and temperature, ${judged} held out`);
  const rows = makeTrainingRows(training, options.seed, options.copies);
  report(`training on ${rows.features.rowCount} rows, ${rows.realRowCount} of them real`);
  const choosing = joinRows(evaluationSets(training, validation, options.seed));
  const parameters = forestParameters(options);
  const forest = growForest(library, rows, choosing, GRADES.length, parameters, (round, loss) => {
    if ((round + 1) % REPORT_ROUNDS === 0)
      report(`round ${round + 1} of ${options.num_boost_round}: validation loss ${loss.toFixed(4)}`);
  });
  const temperature = temperatureOf(library, forest, choosing);
  forest.refits.forEach(({ validation: loss }, pass) => {
    report(`leaves refitted, pass ${pass + 1}: validation loss ${loss.toFixed(4)}`);
  });
  report(`${forest.steps.length} rounds kept, temperature ${temperature.toFixed(3)}`);

  const json = boosterJson(forest, temperature);
  using booster = loadBooster(library, json);
  const ensemble = shareTrees(readBoosterJson(json));
  const onnx = onnxBytes(ensemble);
  const sets = evaluationSets(training, heldOut, options.seed);
  using shallow = shallowTrees(library, rows);
  const baselines = [majority(rows), RULES_WITH_ZERO, shallow, ...previous];
  const { evaluations, parity } = await judge(sets, library, booster, onnx, baselines);
  for (const { name, accuracy, rows: count, ece } of evaluations) {
    const error = (ece * 100).toFixed(1);
    report(`${name}: ${(accuracy * 100).toFixed(1)} % of ${count} rows, calibration error ${error} %`);
  }
  const gradesOf = (features: FeatureRows) => predictedGrades(predictRows(library, booster, features));
  const reference = `${JSON.stringify(referenceOf(sources.pool, gradesOf), null, 1)}\n`;
  const manifest = manifestOf({
    createdAt: options.createdAt,
    onnx,
    ensemble,
    reference,
    rows,
    evaluations,
    parity,
    branchesPerRow: branchesPerRow(ensemble, sets),
    temperature,
    fingerprint: sources.fingerprint,
    parameters: writtenParameters(options, parameters, forest),
    xgboostVersion: library.version,
  });
  report(`model ${manifest.version}: ONNX agrees within ${parity.differenceMax.toExponential(1)}`);
  const command = commandOf(options);
  const explained = sets[0]?.rows.features ?? rows.features;
  const importance = { library, booster, boosterJson: json, rows: explained, seed: options.seed };
  return {
    manifest,
    onnx,
    reference,
    card: modelCard({ manifest, evaluations, parity, command, sets }),
    reportData: {
      format: 1,
      version: manifest.version,
      createdAt: options.createdAt,
      rows: { training: rows.features.rowCount, heldOut: heldOut.columns.rowCount },
      parameters: manifest.parameters,
      command,
      slices: [...evaluations],
      importance: featureImportance(importance),
      learningCurve: forest.losses.map(({ training: train, validation: held }, round) => ({
        round: round + 1,
        train: Number(train.toFixed(6)),
        validation: Number(held.toFixed(6)),
      })),
    },
  };
}

function forestParameters(options: TrainOptions): ForestParameters {
  return {
    num_boost_round: options.num_boost_round,
    max_depth: options.max_depth,
    max_leaves: options.max_leaves,
    eta: options.eta,
    subsample: options.subsample,
    colsample_bytree: options.colsample_bytree,
    min_child_weight: options.min_child_weight,
    reg_lambda: options.reg_lambda,
    gamma: options.gamma,
    early_stopping_rounds: options.early_stopping_rounds,
    refit_passes: options.refit_passes,
    seed: options.seed,
    nthread: options.threads,
  };
}

/** What shaped the model; the number of threads does not. */
function writtenParameters(
  options: TrainOptions,
  { nthread: _, ...shaping }: ForestParameters,
  forest: GrownForest,
): ModelManifest['parameters'] {
  return {
    ...shaping,
    objective: 'softmax, one tree a round for all grades',
    grow_policy: 'lossguide',
    tree_method: 'hist',
    rounds_kept: forest.steps.length,
    refits_kept: forest.refits.length,
    copies: options.copies,
    held_out: options.heldOut,
    validation: options.validation,
  };
}

/** The sets' rows one after the other, each with the weight 1. */
function joinRows(sets: readonly EvaluationSet[]): Omit<LabelledRows, 'pool'> {
  const parts = sets.map(({ rows }) => rows);
  const rowCount = parts.reduce((sum, { features }) => sum + features.rowCount, 0);
  const featureCount = FEATURE_NAMES.length;
  const values = new Float32Array(rowCount * featureCount);
  const labels = new Float32Array(rowCount);
  let at = 0;
  for (const part of parts) {
    values.set(part.features.values, at * featureCount);
    labels.set(part.labels, at);
    at += part.labels.length;
  }
  return {
    features: { values, rowCount, featureCount },
    labels,
    weights: new Float32Array(rowCount).fill(1),
  };
}

function loadBooster(library: XgboostLibrary, json: string): Booster {
  const booster = new Booster(library, [], {});
  booster.load(json);
  return booster;
}

/** The logarithms of probabilities are margins: softmax takes no notice of what is common to all classes. */
function temperatureOf(
  library: XgboostLibrary,
  forest: GrownForest,
  rows: Omit<LabelledRows, 'pool'>,
): number {
  using booster = loadBooster(library, boosterJson(forest, 1));
  using matrix = new TrainingMatrix(library, rows.features);
  const margins = booster
    .predict(matrix, GRADES.length)
    .map((probability) => Math.log(Math.max(probability, PROBABILITY_MIN)));
  return fitTemperature(margins, rows.labels, GRADES.length);
}

async function judge(
  sets: readonly EvaluationSet[],
  library: XgboostLibrary,
  booster: Booster,
  onnx: Uint8Array,
  baselines: readonly Baseline[],
): Promise<{ evaluations: Evaluation[]; parity: Parity }> {
  const evaluations: Evaluation[] = [];
  let parity: Parity = { rows: 0, differenceMax: 0, differentLabels: 0 };
  for (const set of sets) {
    const probabilities = predictRows(library, booster, set.rows.features);
    const one = await checkParity(onnx, set.rows.features, probabilities);
    parity = {
      rows: parity.rows + one.rows,
      differenceMax: Math.max(parity.differenceMax, one.differenceMax),
      differentLabels: parity.differentLabels + one.differentLabels,
    };
    evaluations.push(await evaluate(set, probabilities, baselines));
  }
  return { evaluations, parity };
}

/** Branches that a row takes through all trees, on the mean over all sets. */
function branchesPerRow(ensemble: TreeEnsemble, sets: readonly EvaluationSet[]): number {
  const { features } = joinRows(sets);
  return visitsPerRow(ensemble, features);
}
