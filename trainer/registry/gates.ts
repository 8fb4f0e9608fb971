/**
 * What a model must pass before it becomes current. Gates of `integrity` say whether a worker could use it at all,
 * in an order in which each relies on those before it; gates of `quality` say whether it should be used.
 */
import { createHash } from 'node:crypto';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import { modelVersion } from '../../core/models/model-version.ts';
import type { ModelManifest } from '../../schemas/model.ts';
import { MODEL_FILES } from '../../schemas/model-keys.ts';
import { PARITY_DIFFERENCE_MAX } from '../onnx/onnx-parity.ts';
import { REFERENCE_FOREST } from '../tune/objective/predicted-speed.ts';
import type { ModelFiles } from './model-files.ts';
import { probeOnnx } from './onnx-probe.ts';

/** Metrics of a manifest that gates read. The trainer records them; `docs/models.md` tells what they mean. */
export const GATE_METRICS = {
  /** Largest difference of a probability between libxgboost and ONNX Runtime, over every evaluation row. */
  parityDifferenceMax: 'parity.difference_max',
  /** Branches that an evaluation row visits in all trees together, on the mean. */
  branchesPerRow: 'speed.branches_per_row',
  /** Followed by the name of a slice. */
  accuracyPrefix: 'accuracy.',
} as const;

/** A slice may be this much less accurate than that of the current model. */
export const MARGIN_DEFAULT = 0.01;

/** Rows a second that a model must reach on a core that runs the reference forest at 44,000. */
const ROWS_PER_SECOND_MIN = 60_000;

/**
 * Branches that a row may visit in all trees together: nearly all of ONNX Runtime's time goes into them, so they
 * stand for time. Rows a second themselves were refused: the same file must be judged alike on a busy laptop and
 * in CI.
 */
export const BRANCHES_MAX_DEFAULT = Math.floor(
  (REFERENCE_FOREST.rowsPerSecond * REFERENCE_FOREST.visitsPerRow) / ROWS_PER_SECOND_MIN,
);

export interface GateLimits {
  /** Loss of accuracy allowed on a slice, 0 … 1. */
  readonly margin: number;
  readonly branchesMax: number;
}

export interface Candidate {
  readonly files: ModelFiles;
  /** Manifest of the current model; undefined where none is current or the current one can not be read. */
  readonly current: ModelManifest | undefined;
  readonly limits: GateLimits;
}

type Verdict = string | undefined;

export interface Gate {
  readonly name: string;
  readonly kind: 'integrity' | 'quality';
  /** Whether `--force` passes over a refusal. */
  readonly yieldsToForce: boolean;
  /** The reason of a refusal, as a clause; undefined passes. */
  readonly judge: (candidate: Candidate) => Verdict | Promise<Verdict>;
}

export const GATES: readonly Gate[] = [
  { name: 'manifest', kind: 'integrity', yieldsToForce: false, judge: manifestFault },
  { name: 'files', kind: 'integrity', yieldsToForce: false, judge: fileFault },
  { name: 'features', kind: 'integrity', yieldsToForce: false, judge: featureFault },
  {
    name: 'runtime',
    kind: 'integrity',
    yieldsToForce: false,
    judge: ({ files }) => probeOnnx(files.onnx ?? new Uint8Array(), FEATURE_NAMES.length),
  },
  { name: 'parity-known', kind: 'quality', yieldsToForce: true, judge: parityUnknown },
  { name: 'parity', kind: 'quality', yieldsToForce: false, judge: parityFault },
  { name: 'slices', kind: 'quality', yieldsToForce: true, judge: sliceFault },
  { name: 'speed', kind: 'quality', yieldsToForce: true, judge: speedFault },
];

export interface Refusal {
  readonly gate: string;
  readonly reason: string;
  readonly yieldsToForce: boolean;
}

/** Every reason against the model; the first alone where its files can not be used, as the others rely on them. */
export async function judgeCandidate(
  candidate: Candidate,
  gates: readonly Gate[] = GATES,
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const { name, kind, yieldsToForce, judge } of gates) {
    const reason = await judge(candidate);
    if (reason === undefined) continue;
    refusals.push({ gate: name, reason, yieldsToForce });
    if (kind === 'integrity') break;
  }
  return refusals;
}

/** Gates that need no run of the model: what is published must pass them. */
export const PUBLISH_GATES: readonly Gate[] = GATES.filter(
  ({ name }) => name === 'manifest' || name === 'files',
);
export const INTEGRITY_GATES: readonly Gate[] = GATES.filter(({ kind }) => kind === 'integrity');

function manifestFault({ files: { version, manifest } }: Candidate): Verdict {
  const hashed = modelVersion(manifest);
  if (hashed === version && manifest.version === version) return undefined;
  return `its manifest says it is version ${manifest.version} and hashes to ${hashed}`;
}

function fileFault({ files: { manifest, onnx, reference } }: Candidate): Verdict {
  const expected = [
    [MODEL_FILES.onnx, onnx, manifest.onnx.sha256],
    [MODEL_FILES.reference, reference, manifest.referenceSha256],
  ] as const;
  for (const [name, bytes, sha256] of expected) {
    if (bytes === undefined) return `${name} is not there`;
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      return `${name} is not the file that its manifest names`;
    }
  }
  if (onnx?.length === manifest.onnx.bytes) return undefined;
  return `${MODEL_FILES.onnx} has ${onnx?.length} bytes where its manifest says ${manifest.onnx.bytes}`;
}

function featureFault({ files: { manifest } }: Candidate): Verdict {
  const { features } = manifest;
  const isSame =
    features.length === FEATURE_NAMES.length && features.every((name, at) => name === FEATURE_NAMES[at]);
  if (isSame) return undefined;
  const at = FEATURE_NAMES.findIndex((name, index) => name !== features[index]);
  const place = at < 0 ? FEATURE_NAMES.length : at;
  return (
    `it takes ${features.length} features and this program makes ${FEATURE_NAMES.length}: ` +
    `number ${place + 1} is ${features[place] ?? 'absent'} where ${FEATURE_NAMES[place] ?? 'none'} is made`
  );
}

function parityUnknown({ files: { manifest } }: Candidate): Verdict {
  if (manifest.metrics[GATE_METRICS.parityDifferenceMax] !== undefined) return undefined;
  return `its manifest does not tell ${GATE_METRICS.parityDifferenceMax}, how far it is from libxgboost`;
}

function parityFault({ files: { manifest } }: Candidate): Verdict {
  const difference = manifest.metrics[GATE_METRICS.parityDifferenceMax] ?? 0;
  if (difference <= PARITY_DIFFERENCE_MAX) return undefined;
  return `its probabilities are up to ${difference} from libxgboost's; ${PARITY_DIFFERENCE_MAX} is allowed`;
}

/** Figures have six decimals, so a difference of exactly the margin must not fail by its last bit. */
const ROUNDING = 1e-9;

function sliceFault({ files: { manifest }, current, limits }: Candidate): Verdict {
  const faults: string[] = [];
  for (const [metric, before] of Object.entries(current?.metrics ?? {})) {
    if (!metric.startsWith(GATE_METRICS.accuracyPrefix)) continue;
    const slice = metric.slice(GATE_METRICS.accuracyPrefix.length);
    const now = manifest.metrics[metric];
    if (now === undefined) faults.push(`${slice} is not told, and was ${before}`);
    else if (now < before - limits.margin - ROUNDING) faults.push(`${slice} is ${now} and was ${before}`);
  }
  if (faults.length === 0) return undefined;
  return `its accuracy is more than ${limits.margin} below the current model's: ${faults.join('; ')}`;
}

function speedFault({ files: { manifest }, limits }: Candidate): Verdict {
  const { trees, maxDepth } = manifest.onnx;
  const counted = manifest.metrics[GATE_METRICS.branchesPerRow];
  // Without a count, what no row can exceed; trees that grow by leaves stay well below it.
  const visits = counted ?? trees * maxDepth;
  if (visits <= limits.branchesMax) return undefined;
  const told = counted === undefined ? `up to ${visits} (${trees} trees of depth ${maxDepth})` : `${visits}`;
  return `a row visits ${told} branches; ${limits.branchesMax} are allowed`;
}
