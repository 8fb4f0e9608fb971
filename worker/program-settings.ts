/** What the environment says to every program that grades. */
import { hostname } from 'node:os';
import type { RulesVersion } from '../schemas/grade.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { type MetricsSettings, readMetricsSettings } from './metrics/metrics-settings.ts';
import { ENGINE_CHOICES, type EngineChoice } from './models/engine-choice.ts';
import type { SettingsReader } from './settings.ts';

export interface ProgramSettings extends MetricsSettings {
  readonly modelBucket: string;
  readonly rules: RulesVersion;
  /** What runs models: the forest kernel where it agrees with ONNX Runtime, or always the one named. */
  readonly engine: EngineChoice;
  readonly logLevel: string;
  /** Name of the process. */
  readonly workerName: string;
}

const RULES: readonly RulesVersion[] = ['2023', '2021'];
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export function readProgramSettings(read: SettingsReader): ProgramSettings {
  return {
    modelBucket: read.required(ENVIRONMENT.modelBucket, 'the bucket with models/current.json'),
    rules: read.choice(ENVIRONMENT.rules, '2023', RULES),
    engine: read.choice(ENVIRONMENT.engine, 'auto', ENGINE_CHOICES),
    logLevel: read.choice(ENVIRONMENT.logLevel, 'info', LOG_LEVELS),
    workerName: read.optional(ENVIRONMENT.workerName) ?? `${hostname()}-${process.pid}`,
    ...readMetricsSettings(read),
  };
}
