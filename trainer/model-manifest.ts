/** `manifest.json` of a trained model. */
import { createHash } from 'node:crypto';
import { env } from 'onnxruntime-node';
import { FEATURE_NAMES } from '../core/features/feature-table.ts';
import { canonicalJson, modelVersion } from '../core/models/model-version.ts';
import { GRADES } from '../schemas/grade.ts';
import type { ModelManifest } from '../schemas/model.ts';
import { RULES_WITH_ZERO } from './evaluate/baselines.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import { manifestEntry } from './onnx/onnx-model.ts';
import type { Parity } from './onnx/onnx-parity.ts';
import type { TreeEnsemble } from './onnx/tree-ensemble.ts';
import { SOURCE_RULES } from './rows/source-table.ts';
import type { TrainingRows } from './rows/training-set.ts';

export const ATTRIBUTION = 'Open Food Facts contributors, openfoodfacts.org';

export interface ManifestInput {
  readonly createdAt: string;
  readonly onnx: Uint8Array;
  readonly ensemble: TreeEnsemble;
  readonly reference: string;
  readonly rows: TrainingRows;
  readonly evaluations: readonly Evaluation[];
  readonly parity: Parity;
  readonly branchesPerRow: number;
  readonly temperature: number;
  readonly fingerprint: string;
  readonly parameters: ModelManifest['parameters'];
  readonly xgboostVersion: string;
}

export function manifestOf(input: ManifestInput): ModelManifest {
  const { onnx, ensemble, rows } = input;
  const manifest: Omit<ModelManifest, 'version'> = {
    format: 1,
    createdAt: input.createdAt,
    features: [...FEATURE_NAMES],
    classes: [...GRADES],
    rules: '2023',
    onnx: manifestEntry(onnx, ensemble),
    referenceSha256: sha256(input.reference),
    trainingData: {
      fingerprint: input.fingerprint,
      rows: rows.features.rowCount,
      sources: sourceCounts(rows),
      attribution: ATTRIBUTION,
    },
    parameters: input.parameters,
    metrics: metricsOf(input),
    libraries: { xgboost: input.xgboostVersion, 'onnxruntime-node': env.versions.node ?? 'unknown' },
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

/** `accuracy.<set>` and its like, and what the gates of the registry ask for. */
function metricsOf(input: ManifestInput): Record<string, number> {
  const metrics: Record<string, number> = {
    'parity.difference_max': Number(input.parity.differenceMax.toExponential(3)),
    'speed.branches_per_row': Number(input.branchesPerRow.toFixed(1)),
    'calibration.temperature': Number(input.temperature.toFixed(6)),
  };
  for (const { name, rows, accuracy, macroF1, withinOne, logLoss, ece, baselines } of input.evaluations) {
    const rules = baselines.find((baseline) => baseline.name === RULES_WITH_ZERO.name)?.accuracy;
    const figures = {
      rows,
      accuracy,
      macro_f1: macroF1,
      within_one_grade: withinOne,
      log_loss: logLoss,
      ece,
      ...(rules == null ? {} : { rules_with_zero_accuracy: rules }),
    };
    // Six decimals, so that the manifest stays readable.
    for (const [figure, value] of Object.entries(figures))
      metrics[`${figure}.${name}`] = Number(value.toFixed(6));
  }
  return metrics;
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The manifest as it is written: readable, its keys in the order of their names. */
export function manifestJson(manifest: ModelManifest): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(manifest)), null, 2)}\n`;
}
