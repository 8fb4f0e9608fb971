/** The worker's configuration: read once from the environment, checked whole, frozen. */
import { hostname } from 'node:os';
import type { RulesVersion } from '../schemas/grade.ts';
import { METRIC_NAMESPACE } from '../schemas/metrics.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { ENGINE_CHOICES, type EngineChoice } from './models/engine-choice.ts';
import { type QueueSettings, readQueueSettings } from './queue/queue-settings.ts';

export interface WorkerConfig {
  readonly queue: QueueSettings;
  readonly dataBucket: string;
  readonly modelBucket: string;
  /** Absent: grades go to Parquet only. */
  readonly gradesTable: string | undefined;
  readonly jobsTable: string;
  readonly threads: number;
  /** Rows aimed at per shard; a larger row group is a shard by itself. */
  readonly shardRows: number;
  /** Ceiling on the needed columns of one row group, in uncompressed bytes. */
  readonly rowGroupBytesMax: number;
  readonly visibilitySeconds: number;
  /** A message received this often without success goes to the dead-letter queue. */
  readonly receivesMax: number;
  /** From SIGTERM until unfinished shards are released. */
  readonly stopSeconds: number;
  /** Grades, jobs and shards leave the tables after this many days. */
  readonly retentionDays: number;
  readonly rules: RulesVersion;
  /** What runs models: the forest kernel where it agrees with ONNX Runtime, or always the one named. */
  readonly engine: EngineChoice;
  readonly logLevel: string;
  readonly workerName: string;
  /** `emf`: what is counted goes to standard output, in CloudWatch's embedded metric format. */
  readonly metrics: 'off' | 'emf';
  readonly metricsNamespace: string;
  /** Between two times that metrics are written. */
  readonly metricsSeconds: number;
  /** Port of `/metrics` and `/health/live`, 0 for any free one; absent: neither is served. */
  readonly metricsPort: number | undefined;
  /** Address that they are served on. */
  readonly metricsHost: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface NumberSetting {
  readonly name: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

const NUMBERS = {
  threads: { name: ENVIRONMENT.threads, fallback: 1, min: 1, max: 64 },
  shardRows: { name: ENVIRONMENT.shardRows, fallback: 65_536, min: 1, max: 10_000_000 },
  rowGroupBytesMax: {
    name: ENVIRONMENT.rowGroupBytesMax,
    fallback: 256 * 2 ** 20,
    min: 1024,
    max: 3 * 2 ** 30,
  },
  visibilitySeconds: { name: ENVIRONMENT.visibilitySeconds, fallback: 60, min: 3, max: 43_200 },
  receivesMax: { name: ENVIRONMENT.receivesMax, fallback: 5, min: 1, max: 1000 },
  stopSeconds: { name: ENVIRONMENT.stopSeconds, fallback: 100, min: 1, max: 120 },
  retentionDays: { name: ENVIRONMENT.retentionDays, fallback: 400, min: 1, max: 36_500 },
  metricsSeconds: { name: ENVIRONMENT.metricsSeconds, fallback: 60, min: 1, max: 3600 },
  metricsPort: { name: ENVIRONMENT.metricsPort, fallback: 0, min: 0, max: 65_535 },
} as const satisfies Record<string, NumberSetting>;

const RULES: readonly RulesVersion[] = ['2023', '2021'];
const METRICS_OUTPUTS = ['off', 'emf'] as const;
/** Metrics tell what a company grades: who may see them from outside is for the operator to say. */
const LOOPBACK = '127.0.0.1';
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(
      `The worker's configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

/**
 * @param cores how many threads to use where the environment does not say.
 * @throws {ConfigError} one message with every fault.
 */
export function readConfig(environment: Environment, cores: number): WorkerConfig {
  const faults: string[] = [];

  const required = (name: string, meaning: string): string => {
    const value = environment[name]?.trim() ?? '';
    if (value === '') faults.push(`${name} is not set: ${meaning}.`);
    return value;
  };
  const number = (setting: NumberSetting, fallback = setting.fallback): number => {
    const text = environment[setting.name]?.trim() ?? '';
    if (text === '') return fallback;
    const value = Number(text);
    const fits = Number.isInteger(value) && value >= setting.min && value <= setting.max;
    if (!fits)
      faults.push(`${setting.name} is "${text}": give a whole number from ${setting.min} to ${setting.max}.`);
    return value;
  };
  const choice = <T extends string>(name: string, fallback: T, allowed: readonly T[]): T => {
    const text = environment[name]?.trim() ?? '';
    if (text === '') return fallback;
    const found = allowed.find((value) => value === text);
    if (found === undefined) faults.push(`${name} is "${text}": give one of ${allowed.join(', ')}.`);
    return found ?? fallback;
  };

  const config: WorkerConfig = {
    queue: readQueueSettings({ required, choice, fault: (sentence) => void faults.push(sentence) }),
    dataBucket: required(ENVIRONMENT.dataBucket, 'the bucket that takes grades, rejects and summaries'),
    modelBucket: required(ENVIRONMENT.modelBucket, 'the bucket with models/current.json'),
    gradesTable: environment[ENVIRONMENT.gradesTable]?.trim() || undefined,
    jobsTable: required(ENVIRONMENT.jobsTable, 'the DynamoDB table that is the ledger'),
    threads: number(NUMBERS.threads, cores),
    shardRows: number(NUMBERS.shardRows),
    rowGroupBytesMax: number(NUMBERS.rowGroupBytesMax),
    visibilitySeconds: number(NUMBERS.visibilitySeconds),
    receivesMax: number(NUMBERS.receivesMax),
    stopSeconds: number(NUMBERS.stopSeconds),
    retentionDays: number(NUMBERS.retentionDays),
    rules: choice(ENVIRONMENT.rules, '2023', RULES),
    engine: choice(ENVIRONMENT.engine, 'auto', ENGINE_CHOICES),
    logLevel: choice(ENVIRONMENT.logLevel, 'info', LOG_LEVELS),
    workerName: environment[ENVIRONMENT.workerName]?.trim() || `${hostname()}-${process.pid}`,
    metrics: choice(ENVIRONMENT.metrics, 'off', METRICS_OUTPUTS),
    metricsNamespace: environment[ENVIRONMENT.metricsNamespace]?.trim() || METRIC_NAMESPACE,
    metricsSeconds: number(NUMBERS.metricsSeconds),
    metricsPort: environment[ENVIRONMENT.metricsPort]?.trim() ? number(NUMBERS.metricsPort) : undefined,
    metricsHost: environment[ENVIRONMENT.metricsHost]?.trim() || LOOPBACK,
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}
