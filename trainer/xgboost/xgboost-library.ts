/**
 * XGBoost's C API through koffi: the real library, without Python. Works with 1.7 and with 3.x.
 * Source of the signatures: `xgboost/c_api.h`. Handles and out parameters are declared `void *` and
 * `void **`: koffi keeps opaque named pointers apart, and one wrong kind crashes the process.
 */
import { existsSync } from 'node:fs';
import koffi from 'koffi';

/** Where packages put the library; the first that is there is loaded. */
const PLACES = [
  '/usr/lib/x86_64-linux-gnu/libxgboost.so.0',
  '/usr/lib/aarch64-linux-gnu/libxgboost.so.0',
  '/usr/lib/x86_64-linux-gnu/libxgboost.so.3',
  '/usr/lib/aarch64-linux-gnu/libxgboost.so.3',
  '/usr/lib/libxgboost.so',
  '/usr/lib64/libxgboost.so',
  '/usr/local/lib/libxgboost.so',
  '/opt/homebrew/lib/libxgboost.dylib',
  '/usr/local/lib/libxgboost.dylib',
] as const;

/** Environment variable that names the library's file where it is in none of the usual places. */
export const LIBRARY_VARIABLE = 'NUTRISAGE_XGBOOST_LIBRARY';

/** libxgboost is not on this machine, or what was found is not it. The message is one line with the cure. */
export class XgboostMissingError extends Error {
  constructor(what: string, options?: { cause?: unknown }) {
    super(
      `${what}: install it with \`sudo apt-get install libxgboost0\` (Debian, Ubuntu) or ` +
        `\`brew install xgboost\` (macOS), or set ${LIBRARY_VARIABLE} to its file`,
      options,
    );
    this.name = 'XgboostMissingError';
  }
}

/** A call into XGBoost that failed, with the library's own words. */
export class XgboostError extends Error {
  constructor(call: string, message: string) {
    super(`XGBoost ${call}: ${message.split('\n')[0] ?? ''}`);
    this.name = 'XgboostError';
  }
}

/** Address of a matrix or booster inside the library; `null` before it is made. */
export type Handle = unknown;
type HandleOut = [Handle];

/** The calls that training uses. Each returns 0, or -1 with the reason in `lastError`. */
export interface XgboostLibrary {
  readonly version: string;
  readonly path: string;
  lastError(): string;
  matrixFromRows(
    values: Float32Array,
    rows: number,
    columns: number,
    missing: number,
    out: HandleOut,
  ): number;
  setFloats(matrix: Handle, field: string, values: Float32Array, length: number): number;
  freeMatrix(matrix: Handle): number;
  createBooster(matrices: readonly Handle[], length: number, out: HandleOut): number;
  setParameter(booster: Handle, name: string, value: string): number;
  updateOneRound(booster: Handle, round: number, matrix: Handle): number;
  /** One tree on the caller's own gradients, one of each a row. */
  boostOneRound(
    booster: Handle,
    matrix: Handle,
    gradients: Float32Array,
    hessians: Float32Array,
    length: number,
  ): number;
  loadFromBuffer(booster: Handle, bytes: Uint8Array, length: number): number;
  evaluateOneRound(
    booster: Handle,
    round: number,
    matrices: readonly Handle[],
    names: readonly string[],
    length: number,
    out: [string | null],
  ): number;
  slice(booster: Handle, firstRound: number, endRound: number, step: number, out: HandleOut): number;
  predict(
    booster: Handle,
    matrix: Handle,
    config: string,
    shape: [Handle],
    dimensions: BigUint64Array,
    out: HandleOut,
  ): number;
  saveToBuffer(booster: Handle, config: string, length: BigUint64Array, out: HandleOut): number;
  freeBooster(booster: Handle): number;
}

/** Path of the library: the environment's, else the first usual place that exists. */
export function findXgboost(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment[LIBRARY_VARIABLE];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new XgboostMissingError(`${LIBRARY_VARIABLE} names ${named}, which is not there`);
  }
  const found = PLACES.find((place) => existsSync(place));
  if (found === undefined) throw new XgboostMissingError('libxgboost is not installed');
  return found;
}

/** @throws {XgboostMissingError} when the file cannot be loaded as libxgboost. */
export function loadXgboost(path: string): XgboostLibrary {
  try {
    return bind(koffi.load(path), path);
  } catch (cause) {
    throw new XgboostMissingError(`${path} is not a libxgboost that can be loaded`, { cause });
  }
}

type NativeLibrary = ReturnType<typeof koffi.load>;

/** 2.1 took a new call in place of the old one, and warns of the old one at every tree. 1.7 has the old one only. */
function bindBoost(library: NativeLibrary): XgboostLibrary['boostOneRound'] {
  const boost = functionIfThere(library, 'int XGBoosterTrainOneIter(void *, void *, int, char *, char *)');
  if (boost === undefined) {
    return library.func('int XGBoosterBoostOneIter(void *, void *, const float *, const float *, uint64_t)');
  }
  // Round 0 is what the old call says too; the library takes no notice of it.
  return (booster, matrix, gradients, hessians) =>
    boost(booster, matrix, 0, arrayInterface(gradients), arrayInterface(hessians));
}

function functionIfThere(library: NativeLibrary, signature: string) {
  try {
    return library.func(signature);
  } catch {
    return undefined;
  }
}

/** How the library is told of an array: NumPy's array interface as JSON. Holds while the array is neither moved nor freed. */
function arrayInterface(floats: Float32Array): string {
  const data = [Number(koffi.address(floats)), true];
  return JSON.stringify({ data, shape: [floats.length], typestr: '<f4', version: 3 });
}

function bind(library: NativeLibrary, path: string): XgboostLibrary {
  const readVersion = library.func('void XGBoostVersion(_Out_ int *, _Out_ int *, _Out_ int *)');
  const parts: [[number], [number], [number]] = [[0], [0], [0]];
  readVersion(...parts);
  return {
    version: parts.map(([part]) => part).join('.'),
    path,
    lastError: library.func('const char *XGBGetLastError()'),
    matrixFromRows: library.func(
      'int XGDMatrixCreateFromMat(const float *, uint64_t, uint64_t, float, _Out_ void **)',
    ),
    setFloats: library.func('int XGDMatrixSetFloatInfo(void *, const char *, const float *, uint64_t)'),
    freeMatrix: library.func('int XGDMatrixFree(void *)'),
    createBooster: library.func('int XGBoosterCreate(void **, uint64_t, _Out_ void **)'),
    setParameter: library.func('int XGBoosterSetParam(void *, const char *, const char *)'),
    updateOneRound: library.func('int XGBoosterUpdateOneIter(void *, int, void *)'),
    boostOneRound: bindBoost(library),
    loadFromBuffer: library.func('int XGBoosterLoadModelFromBuffer(void *, const uint8_t *, uint64_t)'),
    evaluateOneRound: library.func(
      'int XGBoosterEvalOneIter(void *, int, void **, const char **, uint64_t, _Out_ const char **)',
    ),
    predict: library.func(
      'int XGBoosterPredictFromDMatrix(void *, void *, const char *, _Out_ void **, uint64_t *, _Out_ void **)',
    ),
    slice: library.func('int XGBoosterSlice(void *, int, int, int, _Out_ void **)'),
    saveToBuffer: library.func(
      'int XGBoosterSaveModelToBuffer(void *, const char *, uint64_t *, _Out_ void **)',
    ),
    freeBooster: library.func('int XGBoosterFree(void *)'),
  };
}
