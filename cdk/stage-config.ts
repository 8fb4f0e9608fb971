/** What a stage is made of. One object decides all; nothing below reads a context or an environment. */
import { PROFILES, type ProfileName, TASKS_MAX } from '../core/scaling/policy.ts';

export interface StageConfig {
  /** Part of every name, such as `dev`. */
  readonly stage: string;
  readonly region: string;
  /** Scaling's clock, cooldowns and acceptable latency. */
  readonly profile: ProfileName;
  readonly architecture: 'arm64' | 'x86_64';
  /** 0: tasks in public subnets, without inbound rules; a public address costs a ninth of a NAT gateway. */
  readonly natGateways: number;
  readonly worker: WorkerConfig;
  /** Absent: none, and no load balancer, which costs most of what an idle installation does. */
  readonly endpoint?: EndpointConfig;
  readonly trainer: TrainerConfig;
  /** Writes a second that the table of grades takes at once, paid once; absent: as a new table, 4,000. */
  readonly warmTableWrites?: number;
  /** Days until jobs, shards and grades leave the tables. */
  readonly retentionDays: number;
  readonly logDays: 7 | 30 | 90 | 365;
  /** Days that files stay in `inbox/` and `uploads/`. */
  readonly inputDays: number;
  /** Buckets of others whose files may be submitted as `s3://bucket/key`. */
  readonly inputBuckets: readonly string[];
  /** Is told of every alarm; absent: who subscribes to the topics. */
  readonly alarmEmail?: string;
  /** Tells at 80 % of it, and when it is forecast to be passed; absent: no budget. */
  readonly monthlyBudgetDollars?: number;
  /** Where docs/runbook.md can be read. */
  readonly runbookUrl: string;
  /** Shells into tasks by ECS Exec. Its agent writes to the task's file system, which then can not be read-only. */
  readonly isExecAllowed: boolean;
  /** Tables and buckets can not be deleted, and outlive their stack. */
  readonly isProtected: boolean;
  readonly images: ImageSource;
}

export interface WorkerConfig {
  /** 0: none while nothing waits; the first file then waits for three minutes, after six idle hours up to a quarter of an hour. */
  readonly tasksMin: number;
  readonly tasksMax: number;
  /** Tasks that are on demand before any is on Spot. */
  readonly onDemandBase: number;
  /** Of the tasks beyond the base, in percent. */
  readonly spotPercent: number;
  /** Grades to DynamoDB too, which is what costs: `nutrisage plan` with and without `--no-table`. */
  readonly isTableWritten: boolean;
}

export interface EndpointConfig {
  readonly tasksMin: number;
  readonly tasksMax: number;
  /** Of AWS Certificate Manager, in the same region; or plain HTTP, which sends API keys readable. */
  readonly listener: { readonly certificateArn: string } | { readonly isPlainHttp: true };
}

export interface TrainerConfig {
  /** Cron of EventBridge Scheduler in UTC, such as `cron(0 3 1 * ? *)`; absent: on demand alone. */
  readonly schedule?: string;
  /** Exports to train on, one after the other: https://… or s3://bucket/key. */
  readonly sources: readonly string[];
  /** Whether a model that passes the gates becomes current. */
  readonly isPromoting: boolean;
}

/** `source`: built from this folder when it is deployed. `registry`: built before, by their full names. */
export type ImageSource =
  | { readonly from: 'source' }
  | { readonly from: 'registry'; readonly worker: string; readonly trainer: string };

const OFFICIAL_EXPORT =
  'https://huggingface.co/datasets/openfoodfacts/product-database/resolve/main/food.parquet';

const DEFAULTS = {
  region: 'us-east-1',
  architecture: 'arm64',
  natGateways: 0,
  trainer: { sources: [OFFICIAL_EXPORT], isPromoting: false },
  retentionDays: 400,
  inputDays: 90,
  inputBuckets: [],
  runbookUrl: 'docs/runbook.md',
  images: { from: 'source' },
} as const;

/** Costs little while it is idle, and keeps nothing when it is deleted. */
const DEV: StageConfig = {
  ...DEFAULTS,
  stage: 'dev',
  profile: 'production',
  worker: { tasksMin: 0, tasksMax: 4, onDemandBase: 0, spotPercent: 100, isTableWritten: true },
  logDays: 30,
  isExecAllowed: true,
  isProtected: false,
};

/** Scales as fast as cooldowns let it, to be looked at. */
const DEMO: StageConfig = {
  ...DEV,
  stage: 'demo',
  profile: 'demo',
  worker: { ...DEV.worker, tasksMin: 1, tasksMax: TASKS_MAX },
};

const PRODUCTION: StageConfig = {
  ...DEFAULTS,
  stage: 'production',
  profile: 'production',
  worker: { tasksMin: 1, tasksMax: TASKS_MAX, onDemandBase: 1, spotPercent: 75, isTableWritten: true },
  logDays: 90,
  isExecAllowed: false,
  isProtected: true,
};

export const STAGES: Readonly<Record<string, StageConfig>> = { dev: DEV, demo: DEMO, production: PRODUCTION };

export class StageConfigError extends Error {
  constructor(stage: string, faults: readonly string[]) {
    super(`Stage ${stage} can not be deployed:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'StageConfigError';
  }
}

interface Rule {
  readonly isKept: boolean;
  readonly fault: string;
}

/** @throws {StageConfigError} one message with every fault. */
export function checkStage(config: StageConfig): StageConfig {
  const { worker, endpoint, trainer } = config;
  const rules: readonly Rule[] = [
    {
      isKept: /^[a-z][a-z0-9-]{0,11}$/.test(config.stage),
      fault: `its name is "${config.stage}": give 1 to 12 small letters, digits or dashes, for it is part of bucket names`,
    },
    {
      isKept: /^[a-z]{2}(-[a-z]+)+-\d$/.test(config.region),
      fault: `its region is "${config.region}": give one such as eu-central-1`,
    },
    {
      isKept: config.profile in PROFILES,
      fault: `its profile is "${config.profile}": give one of ${Object.keys(PROFILES).join(', ')}`,
    },
    { isKept: isWhole(config.natGateways, 0, 3), fault: 'natGateways is from 0 to 3' },
    {
      isKept: isWhole(worker.tasksMin, 0, worker.tasksMax),
      fault: 'the workers’ tasksMin is from 0 to their tasksMax',
    },
    { isKept: isWhole(worker.tasksMax, 1, 5000), fault: 'the workers’ tasksMax is from 1 to 5000' },
    {
      isKept: isWhole(worker.onDemandBase, 0, worker.tasksMax),
      fault: 'the workers’ onDemandBase is from 0 to their tasksMax',
    },
    { isKept: isWhole(worker.spotPercent, 0, 100), fault: 'the workers’ spotPercent is from 0 to 100' },
    {
      isKept: endpoint === undefined || isWhole(endpoint.tasksMin, 1, endpoint.tasksMax),
      fault: 'the endpoint’s tasksMin is from 1 to its tasksMax: a request waits for nobody to start',
    },
    { isKept: trainer.sources.length > 0, fault: 'the trainer has no source to train on' },
    {
      isKept: trainer.sources.every((source) => /^(https|s3):\/\/\S+$/.test(source)),
      fault: 'a source of the trainer is an address: https://… or s3://bucket/key',
    },
    {
      isKept: isWhole(config.warmTableWrites ?? 4000, 4000, 1_000_000),
      fault: 'warmTableWrites is 4000 at least, which every new table takes',
    },
    { isKept: isWhole(config.retentionDays, 1, 36_500), fault: 'retentionDays is from 1 to 36500' },
    { isKept: isWhole(config.inputDays, 1, 36_500), fault: 'inputDays is from 1 to 36500' },
    {
      isKept: config.monthlyBudgetDollars === undefined || config.monthlyBudgetDollars > 0,
      fault: 'monthlyBudgetDollars is above 0',
    },
  ];
  const faults = rules.filter(({ isKept }) => !isKept).map(({ fault }) => fault);
  if (faults.length > 0) throw new StageConfigError(config.stage, faults);
  return config;
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
