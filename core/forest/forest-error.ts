/**
 * Why a file is not taken as a forest. `unsupported`: it may well be a model, of a kind that the kernel does not run;
 * ONNX Runtime does. `damaged`: nothing may run it. The message is a clause without a full stop that names the place.
 */
export class ForestError extends Error {
  readonly kind: 'unsupported' | 'damaged';

  constructor(kind: 'unsupported' | 'damaged', message: string) {
    super(message);
    this.name = 'ForestError';
    this.kind = kind;
  }
}

export function unsupported(message: string): ForestError {
  return new ForestError('unsupported', message);
}

export function damaged(message: string): ForestError {
  return new ForestError('damaged', message);
}
