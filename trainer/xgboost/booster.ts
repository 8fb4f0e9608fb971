/** Training and predicting with XGBoost: matrices and boosters as things that are freed when they go. */
import koffi from 'koffi';
import { type Handle, XgboostError, type XgboostLibrary } from './xgboost-library.ts';

/** Rows of features, row by row; `NaN` is missing. */
export interface FeatureRows {
  readonly values: Float32Array;
  readonly rowCount: number;
  readonly featureCount: number;
}

/** XGBoost's own names and values, such as `max_depth: 6`. */
export type BoosterParameters = Readonly<Record<string, number | string>>;

function check(library: XgboostLibrary, call: string, status: number): void {
  if (status !== 0) throw new XgboostError(call, library.lastError());
}

/** Rows inside the library, with labels (class numbers) and weights where training needs them. */
export class TrainingMatrix implements Disposable {
  readonly handle: Handle;
  readonly rowCount: number;
  readonly #library: XgboostLibrary;

  constructor(library: XgboostLibrary, rows: FeatureRows, labels?: Float32Array, weights?: Float32Array) {
    const out: [Handle] = [null];
    const { values, rowCount, featureCount } = rows;
    check(library, 'matrix', library.matrixFromRows(values, rowCount, featureCount, Number.NaN, out));
    this.handle = out[0];
    this.rowCount = rowCount;
    this.#library = library;
    for (const [field, floats] of [
      ['label', labels],
      ['weight', weights],
    ] as const) {
      if (floats === undefined) continue;
      check(library, field, library.setFloats(this.handle, field, floats, floats.length));
    }
  }

  [Symbol.dispose](): void {
    this.#library.freeMatrix(this.handle);
  }
}

function createHandle(library: XgboostLibrary, matrices: readonly TrainingMatrix[]): Handle {
  const out: [Handle] = [null];
  const handles = matrices.map(({ handle }) => handle);
  check(library, 'booster', library.createBooster(handles, handles.length, out));
  return out[0];
}

export class Booster implements Disposable {
  readonly #handle: Handle;
  readonly #library: XgboostLibrary;

  /**
   * `matrices` are those that the booster will be trained on or predict: it learns their width. `made` is one
   * that the library has made already, as a slice.
   */
  constructor(
    library: XgboostLibrary,
    matrices: readonly TrainingMatrix[],
    parameters: BoosterParameters,
    made?: Handle,
  ) {
    this.#library = library;
    this.#handle = made ?? createHandle(library, matrices);
    for (const [name, value] of Object.entries(parameters)) {
      check(library, `parameter ${name}`, library.setParameter(this.#handle, name, String(value)));
    }
  }

  /** One round of boosting: one tree for each class. Blocks until it is done. */
  update(round: number, matrix: TrainingMatrix): void {
    check(this.#library, `round ${round}`, this.#library.updateOneRound(this.#handle, round, matrix.handle));
  }

  /** One tree on the caller's own gradients and second derivatives, one of each a row. */
  boost(matrix: TrainingMatrix, gradients: Float32Array, hessians: Float32Array): void {
    const { length } = gradients;
    const status = this.#library.boostOneRound(this.#handle, matrix.handle, gradients, hessians, length);
    check(this.#library, 'boost', status);
  }

  /**
   * Number of the leaf that each row falls into, in the tree of one round; for one tree a round. The library finds
   * leaves from the first tree on only, so that round is cut out first.
   */
  leavesOf(matrix: TrainingMatrix, round: number): Float32Array {
    const config = '{"type":6,"training":false,"iteration_begin":0,"iteration_end":1,"strict_shape":false}';
    using one = this.slice(round, round + 1);
    return one.#predict(matrix, config, 1);
  }

  /** Takes the place of this booster's trees. */
  load(json: string): void {
    const bytes = new TextEncoder().encode(json);
    check(this.#library, 'load', this.#library.loadFromBuffer(this.#handle, bytes, bytes.length));
  }

  /**
   * Metric of the matrix after the rounds so far: the parameter `eval_metric`, or the objective's own (`mlogloss` for
   * `multi:softprob`), with the matrix's weights. Cheap where the matrix was given to the constructor: the
   * library then adds only the newest trees.
   */
  evaluate(round: number, matrix: TrainingMatrix): number {
    const out: [string | null] = [null];
    const status = this.#library.evaluateOneRound(this.#handle, round, [matrix.handle], ['rows'], 1, out);
    check(this.#library, `evaluation of round ${round}`, status);
    // Such as `[7]\trows-mlogloss:0.34567`; with several metrics the last one counts, as in early stopping.
    return Number(/:([^:\s]+)\s*$/.exec(out[0] ?? '')?.[1] ?? Number.NaN);
  }

  /** The trees of rounds `first` to before `end` as a booster of their own; only to be read or predict. */
  slice(first: number, end: number): Booster {
    const out: [Handle] = [null];
    const status = this.#library.slice(this.#handle, first, end, 1, out);
    check(this.#library, `slice ${first} to ${end}`, status);
    return new Booster(this.#library, [], {}, out[0]);
  }

  /** Probabilities, row by row, `classes` of them a row. */
  predict(matrix: TrainingMatrix, classes: number): Float32Array {
    // training: false, since dropout boosters would predict differently; iteration_end 0 means all rounds.
    const config = '{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}';
    return this.#predict(matrix, config, classes);
  }

  /**
   * SHAP values, `rows x classes x (features + 1)`, in units of the margin; the last of each class is its bias.
   * They add up to the margin. Exact and slow: 6 ms a row for 500 trees of 127 leaves (2 cores).
   */
  contributions(matrix: TrainingMatrix, classes: number, featureCount: number): Float32Array {
    const config = '{"type":2,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}';
    return this.#predict(matrix, config, classes * (featureCount + 1));
  }

  #predict(matrix: TrainingMatrix, config: string, perRow: number): Float32Array {
    const shape: [Handle] = [null];
    const dimensions = new BigUint64Array(1);
    const out: [Handle] = [null];
    const status = this.#library.predict(this.#handle, matrix.handle, config, shape, dimensions, out);
    check(this.#library, 'predict', status);
    const length = matrix.rowCount * perRow;
    // The library owns the memory and reuses it in the next call: copied at once.
    return new Float32Array(koffi.view(out[0], length * 4)).slice();
  }

  /** The whole model as XGBoost's JSON. */
  toJson(): string {
    const length = new BigUint64Array(1);
    const out: [Handle] = [null];
    const status = this.#library.saveToBuffer(this.#handle, '{"format":"json"}', length, out);
    check(this.#library, 'save', status);
    return new TextDecoder().decode(new Uint8Array(koffi.view(out[0], Number(length[0]))).slice());
  }

  [Symbol.dispose](): void {
    this.#library.freeBooster(this.#handle);
  }
}
