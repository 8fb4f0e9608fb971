/** How the programs in the images are started and asked for their health: the images, their tests and the template agree here. */
import { PATHS } from '../schemas/names.ts';
import { WORKER_NODE_FLAGS } from '../schemas/worker-node-flags.ts';

export interface Program {
  /** Below the image's working directory; `node` runs it. */
  readonly entry: string;
  /** Where it listens inside of the task. */
  readonly port: number;
  /** Answers 200 while the process turns. */
  readonly livePath: string;
}

export const WORKER_PROGRAM: Program = { entry: 'worker/main.ts', port: 9464, livePath: PATHS.live };
export const WORKER_COMMAND = ['node', ...WORKER_NODE_FLAGS, WORKER_PROGRAM.entry] as const;

export const ENDPOINT_PROGRAM = {
  entry: 'worker/endpoint-main.ts',
  port: 8080,
  livePath: PATHS.live,
  readyPath: PATHS.ready,
} as const satisfies Program & { readonly readyPath: string };

/** Fetches, trains, publishes and ends: it listens nowhere. */
export const TRAINER_COMMAND = ['sh', 'image/train-and-publish.sh'] as const;

/** Variables of that script. */
export const TRAINER_ENVIRONMENT = {
  sources: 'NUTRISAGE_TRAINING_SOURCES',
  promote: 'NUTRISAGE_TRAINING_PROMOTE',
  folder: 'NUTRISAGE_TRAINING_FOLDER',
  options: 'NUTRISAGE_TRAINING_OPTIONS',
} as const;

/** The image's own, which asks a program of the same task for its health and ends with 0 or 1. */
export const HEALTHY_SCRIPT = 'image/healthy.mjs';

/** As a container's health check has it. One that may be any of several programs asks for all. */
export function healthCommand(...programs: readonly Program[]): string[] {
  const addresses = programs.map(({ port, livePath }) => `http://127.0.0.1:${port}${livePath}`);
  return ['CMD', 'node', HEALTHY_SCRIPT, ...addresses];
}

/** What the images set for every program. */
export const IMAGE_ENVIRONMENT = {
  NODE_ENV: 'production',
  /** glibc keeps freed memory in an arena per thread; two are enough. */
  MALLOC_ARENA_MAX: '2',
  /** Later versions of ONNX Runtime send usage data; this keeps one that slips in quiet. */
  ORT_DISABLE_TELEMETRY: '1',
} as const;
