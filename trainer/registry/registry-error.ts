/** What stops a command of the registry, and the code that the process ends with. */

const FAILED = 1;
const USAGE = 2;

/** `docs/models.md` explains each; a test compares. */
export const REGISTRY_ERROR_CODES = {
  usage: USAGE,
  'no-registry': USAGE,
  'not-configured': USAGE,
  'no-model-folder': USAGE,
  'damaged-model': FAILED,
  'version-missing': FAILED,
  'version-differs': FAILED,
  'nothing-current': FAILED,
  'nothing-to-roll-back-to': FAILED,
  refused: FAILED,
  'pointer-changed': FAILED,
  'pointer-damaged': FAILED,
  'registry-locked': FAILED,
  'place-unreachable': FAILED,
  'place-missing': FAILED,
  'access-denied': FAILED,
} as const satisfies Record<string, number>;

export type RegistryErrorCode = keyof typeof REGISTRY_ERROR_CODES;

export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly remedy: string;
  /** One a gate that refused. */
  readonly reasons: readonly string[];

  constructor(
    code: RegistryErrorCode,
    message: string,
    remedy: string,
    options: { readonly cause?: unknown; readonly reasons?: readonly string[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'RegistryError';
    this.code = code;
    this.remedy = remedy;
    this.reasons = options.reasons ?? [];
  }

  get exitCode(): number {
    return REGISTRY_ERROR_CODES[this.code];
  }
}
