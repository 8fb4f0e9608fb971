/** Whether a model can be run: its trees are whole, and ONNX Runtime takes it as the worker will give it one. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ForestError } from '../../core/forest/forest-error.ts';
import { readForest } from '../../core/forest/read-forest.ts';
import { GRADES } from '../../schemas/grade.ts';

/** Values that every feature of a probe row has: nothing known, nothing in it, small, and beyond all thresholds. */
const PROBES = [Number.NaN, 0, 1, 50, 1e6] as const;
/** Five float32 shares of a softmax; far more than their rounding. */
const SUM_TOLERANCE = 1e-4;

/** @returns why it can not be used; undefined when it loads and answers as it should. */
export async function probeOnnx(onnx: Uint8Array, featureCount: number): Promise<string | undefined> {
  const damage = damageOf(onnx);
  if (damage !== undefined) return `it is damaged: ${damage}`;
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(onnx, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  } catch (error) {
    return `ONNX Runtime does not load it: ${messageOf(error)}`;
  }
  try {
    return shapeFault(session, featureCount) ?? (await answerFault(session, featureCount));
  } catch (error) {
    return `ONNX Runtime does not run it: ${messageOf(error)}`;
  } finally {
    await session.release();
  }
}

/** Asked first: over a tree that is deep enough ONNX Runtime ends the process. */
function damageOf(onnx: Uint8Array): string | undefined {
  try {
    readForest(onnx);
    return undefined;
  } catch (error) {
    if (!(error instanceof ForestError)) throw error;
    // What the kernel does not run, ONNX Runtime may.
    return error.kind === 'damaged' ? error.message : undefined;
  }
}

type Wanted = readonly [name: string, type: string, width: number | undefined];

/** `width` of a tensor with columns; one without has rows alone. */
function shapeFault(session: InferenceSession, featureCount: number): string | undefined {
  const inputs: readonly Wanted[] = [['features', 'float32', featureCount]];
  const outputs: readonly Wanted[] = [
    ['label', 'int64', undefined],
    ['probabilities', 'float32', GRADES.length],
  ];
  return (
    tensorFault('input', session.inputMetadata, inputs) ??
    tensorFault('output', session.outputMetadata, outputs)
  );
}

function tensorFault(
  side: 'input' | 'output',
  found: readonly InferenceSession.ValueMetadata[],
  wanted: readonly Wanted[],
): string | undefined {
  const names = found.map(({ name }) => name);
  if (names.length !== wanted.length || wanted.some(([name]) => !names.includes(name))) {
    const wantedNames = wanted.map(([name]) => name).join(', ');
    return `its ${side}s are ${names.join(', ')} where ${wantedNames} are needed`;
  }
  for (const [name, type, width] of wanted) {
    const tensor = found.find((value) => value.name === name);
    if (tensor === undefined || !tensor.isTensor || tensor.type !== type) {
      return `its ${side} ${name} is not a tensor of ${type}`;
    }
    const columns = tensor.shape[1];
    // A model may leave its widths open; then the answer to the probe tells them.
    if (typeof columns === 'number' && columns !== width) {
      return `its ${side} ${name} has ${columns} columns where ${width ?? 'none'} are needed`;
    }
  }
  return undefined;
}

async function answerFault(session: InferenceSession, featureCount: number): Promise<string | undefined> {
  const values = new Float32Array(PROBES.length * featureCount);
  PROBES.forEach((value, row) => {
    values.fill(value, row * featureCount, (row + 1) * featureCount);
  });
  const outputs = await session.run({
    features: new Tensor('float32', values, [PROBES.length, featureCount]),
  });
  const labels = Array.from(outputs['label']?.data as BigInt64Array, Number); // int64, checked above
  const probabilities = outputs['probabilities']?.data as Float32Array; // float32, checked above
  if (labels.length !== PROBES.length || probabilities.length !== PROBES.length * GRADES.length) {
    return `it answered ${labels.length} labels and ${probabilities.length} probabilities to ${PROBES.length} rows`;
  }
  for (const [row, label] of labels.entries()) {
    const shares = probabilities.subarray(row * GRADES.length, (row + 1) * GRADES.length);
    const sum = shares.reduce((total, share) => total + share, 0);
    const isDistribution = shares.every((share) => share >= 0) && Math.abs(sum - 1) <= SUM_TOLERANCE;
    if (!isDistribution) return `its probabilities of a probe row are ${[...shares].join(', ')}`;
    if (shares[label] !== Math.max(...shares))
      return `its label of a probe row is ${label}, not the likeliest`;
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
