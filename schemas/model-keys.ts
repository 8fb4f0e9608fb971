/** What lies where in the model bucket. */

export const MODELS_PREFIX = 'models/';

/** The pointer to the version that new jobs are graded with. */
export const CURRENT_MODEL_KEY = `${MODELS_PREFIX}current.json`;

/** Files of a version; those that people read lie beside them. */
export const MODEL_FILES = {
  manifest: 'manifest.json',
  onnx: 'model.onnx',
  reference: 'reference.json',
} as const;

export function modelKey(version: string, file: string): string {
  return `${MODELS_PREFIX}${version}/${file}`;
}
