/** The worker's configuration: read once from the environment, checked whole, frozen. */
import type { FileCeilings } from '../core/parquet/file-ceilings.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { type ProgramSettings, readProgramSettings } from './program-settings.ts';
import { type QueueSettings, readQueueSettings } from './queue/queue-settings.ts';
import { createSettingsReader, type Environment, type NumberSetting } from './settings.ts';

export interface WorkerConfig extends ProgramSettings {
  readonly queue: QueueSettings;
  readonly dataBucket: string;
  /** Absent: grades go to Parquet only. */
  readonly gradesTable: string | undefined;
  readonly jobsTable: string;
  readonly threads: number;
  /** Rows aimed at per shard; a larger row group is a shard by itself. */
  readonly shardRows: number;
  /** Ceiling on the needed columns of one row group, in uncompressed bytes. */
  readonly rowGroupBytesMax: number;
  /** What a file may be at most; above it is refused with the ceiling named. */
  readonly ceilings: FileCeilings;
  readonly visibilitySeconds: number;
  /** A grading thread that makes no step for so long is stuck, and its shard goes to another. */
  readonly stuckSeconds: number;
  /** A message received this often without success goes to the dead-letter queue. */
  readonly receivesMax: number;
  /** From SIGTERM until unfinished shards are released. */
  readonly stopSeconds: number;
  /** The ECS agent beside the task, which protects it; absent outside of ECS. */
  readonly ecsAgentUri: string | undefined;
  /** Grades, jobs and shards leave the tables after this many days. */
  readonly retentionDays: number;
}

const MOST = Number.MAX_SAFE_INTEGER;

const NUMBERS = {
  threads: { name: ENVIRONMENT.threads, fallback: 1, min: 1, max: 64 },
  shardRows: { name: ENVIRONMENT.shardRows, fallback: 65_536, min: 1, max: 10_000_000 },
  rowGroupBytesMax: {
    name: ENVIRONMENT.rowGroupBytesMax,
    fallback: 256 * 2 ** 20,
    min: 1024,
    max: 3 * 2 ** 30,
  },
  fileBytes: { name: ENVIRONMENT.fileBytesMax, fallback: 64 * 2 ** 30, min: 1024, max: MOST },
  footerBytes: { name: ENVIRONMENT.footerBytesMax, fallback: 64 * 2 ** 20, min: 1024, max: 2 ** 31 },
  rows: { name: ENVIRONMENT.fileRowsMax, fallback: 1_000_000_000, min: 1, max: MOST },
  columns: { name: ENVIRONMENT.fileColumnsMax, fallback: 5000, min: 1, max: 100_000 },
  textBytes: { name: ENVIRONMENT.textBytesMax, fallback: 64 * 2 ** 10, min: 16, max: 2 ** 30 },
  visibilitySeconds: { name: ENVIRONMENT.visibilitySeconds, fallback: 60, min: 3, max: 43_200 },
  stuckSeconds: { name: ENVIRONMENT.stuckSeconds, fallback: 60, min: 1, max: 3600 },
  receivesMax: { name: ENVIRONMENT.receivesMax, fallback: 5, min: 1, max: 1000 },
  stopSeconds: { name: ENVIRONMENT.stopSeconds, fallback: 100, min: 1, max: 120 },
  retentionDays: { name: ENVIRONMENT.retentionDays, fallback: 400, min: 1, max: 36_500 },
} as const satisfies Record<string, NumberSetting>;

/**
 * @param cores how many threads to use where the environment does not say.
 * @throws {ConfigError} one message with every fault.
 */
export function readConfig(environment: Environment, cores: number): WorkerConfig {
  const read = createSettingsReader('worker', environment);
  const config: WorkerConfig = {
    queue: readQueueSettings(read),
    dataBucket: read.required(ENVIRONMENT.dataBucket, 'the bucket that takes grades, rejects and summaries'),
    gradesTable: read.optional(ENVIRONMENT.gradesTable),
    jobsTable: read.required(ENVIRONMENT.jobsTable, 'the DynamoDB table that is the ledger'),
    threads: read.number(NUMBERS.threads, cores),
    shardRows: read.number(NUMBERS.shardRows),
    rowGroupBytesMax: read.number(NUMBERS.rowGroupBytesMax),
    ceilings: {
      fileBytes: read.number(NUMBERS.fileBytes),
      footerBytes: read.number(NUMBERS.footerBytes),
      rows: read.number(NUMBERS.rows),
      columns: read.number(NUMBERS.columns),
      textBytes: read.number(NUMBERS.textBytes),
    },
    visibilitySeconds: read.number(NUMBERS.visibilitySeconds),
    stuckSeconds: read.number(NUMBERS.stuckSeconds),
    receivesMax: read.number(NUMBERS.receivesMax),
    stopSeconds: read.number(NUMBERS.stopSeconds),
    ecsAgentUri: read.optional(ENVIRONMENT.ecsAgentUri),
    retentionDays: read.number(NUMBERS.retentionDays),
    ...readProgramSettings(read),
  };
  read.finish();
  return Object.freeze(config);
}
