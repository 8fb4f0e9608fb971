/** What a job, the keeping of its results, and an idle installation cost, line by line. */
import type { Prices } from '../../schemas/prices.ts';
import { formatDuration } from '../report/format-times.ts';
import { TASK_SIZES, type TaskSize, WORKER_THREADS } from '../scaling/task-sizes.ts';
import { ROW_COSTS, SHARD_COSTS, WORKER_METRICS } from './shard-costs.ts';

export interface CostLine {
  readonly service: string;
  readonly dollars: number;
  /** What it is for, such as `10,000,000 writes of items`. */
  readonly basis: string;
}

export interface JobQuantities {
  readonly rows: number;
  readonly shards: number;
  readonly tasks: number;
  /** Of each task, from its start to its last shard. */
  readonly taskSeconds: number;
  /** Of each task, idle, until it is taken away. */
  readonly tailSeconds: number;
  readonly isTableWritten: boolean;
  readonly architecture: 'x86_64' | 'arm64';
  readonly isSpot: boolean;
}

export const HOURS_A_MONTH = 730;
const GB = 1e9;
/** A poll of an empty queue waits so long. */
const POLL_SECONDS = 20;

export function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

export function jobCosts(job: JobQuantities, prices: Prices): readonly CostLine[] {
  const { rows, shards, tasks, taskSeconds, tailSeconds, isTableWritten } = job;
  const hours = (tasks * (taskSeconds + tailSeconds)) / 3600;
  const polls = (tasks * (WORKER_THREADS + 1) * (taskSeconds + tailSeconds)) / POLL_SECONDS;
  const requests = shards * SHARD_COSTS.queueRequests + polls;
  const ledgerWrites = shards * SHARD_COSTS.ledgerWrites;
  const ledgerReads = shards * SHARD_COSTS.ledgerReads;
  const itemWrites = isTableWritten ? rows * ROW_COSTS.itemWrites : 0;
  const millionWrites = (itemWrites + ledgerWrites) / 1e6;
  return [
    {
      service: 'Fargate',
      dollars: hours * taskHour(TASK_SIZES.worker, job, prices),
      basis: `${plural(tasks, 'task')} for ${formatDuration(taskSeconds)}, and ${formatDuration(tailSeconds)} until ${tasks === 1 ? 'it is' : 'they are'} removed`,
    },
    { service: 'Public addresses', dollars: hours * prices.publicAddressHour, basis: 'one for each task' },
    {
      service: 'DynamoDB',
      dollars: millionWrites * prices.tableMillionWrites + (ledgerReads / 1e6) * prices.tableMillionReads,
      basis: `${isTableWritten ? `${plural(itemWrites, 'item')} and the` : 'the'} ledger of ${plural(shards, 'shard')}`,
    },
    {
      service: 'SQS',
      dollars: (requests / 1e6) * prices.queueMillionRequests,
      basis: plural(Math.ceil(requests), 'request'),
    },
    {
      service: 'S3',
      dollars:
        ((shards * SHARD_COSTS.gets) / 1000) * prices.storeThousandGets +
        ((shards * SHARD_COSTS.puts) / 1000) * prices.storeThousandPuts,
      basis: `${plural(shards * SHARD_COSTS.gets, 'read')} and ${plural(shards * SHARD_COSTS.puts, 'write')}`,
    },
    {
      service: 'CloudWatch',
      dollars:
        ((shards * SHARD_COSTS.logBytes) / GB) * prices.logGb +
        // By the begun hour.
        Math.ceil((taskSeconds + tailSeconds) / 3600) * WORKER_METRICS * (prices.metricMonth / HOURS_A_MONTH),
      basis: `logs, and ${WORKER_METRICS} metrics while tasks run`,
    },
  ];
}

/** Each month, for as long as the results are kept. */
export function keepingCosts(
  { rows, isTableWritten }: Pick<JobQuantities, 'rows' | 'isTableWritten'>,
  prices: Prices,
): readonly CostLine[] {
  const storeGb = (rows * ROW_COSTS.parquetBytes) / GB;
  const tableGb = isTableWritten ? (rows * ROW_COSTS.itemBytes) / GB : 0;
  const lines = [
    { service: 'S3', dollars: storeGb * prices.storeGbMonth, basis: `${storeGb.toFixed(2)} GB of Parquet` },
    {
      service: 'DynamoDB',
      dollars: tableGb * (prices.tableGbMonth + prices.tableBackupGbMonth),
      basis: `${tableGb.toFixed(2)} GB of items, with point-in-time recovery`,
    },
  ];
  return isTableWritten ? lines : lines.slice(0, 1);
}

/** A task's price for an hour, without its address. */
export function taskHour(
  { vcpus, memoryGib }: TaskSize,
  { architecture, isSpot }: Pick<JobQuantities, 'architecture' | 'isSpot'>,
  prices: Prices,
): number {
  const onDemand =
    architecture === 'arm64'
      ? vcpus * prices.vcpuHourArm + memoryGib * prices.memoryGbHourArm
      : vcpus * prices.vcpuHourX86 + memoryGib * prices.memoryGbHourX86;
  return isSpot ? onDemand * prices.spotShare : onDemand;
}

function plural(count: number, one: string): string {
  return `${count.toLocaleString('en-US', { maximumFractionDigits: 0 })} ${one}${count === 1 ? '' : 's'}`;
}
