/** `npm run local`: the embedded stack in the foreground, until a signal ends it. */
import { join } from 'node:path';
import { LOCAL_LOGS_DIRECTORY } from '../schemas/local-stack.ts';
import { ENVIRONMENT, RESOURCES } from '../schemas/names.ts';
import { withoutPassword } from '../worker/adapters/redis-connection.ts';
import { type Dashboard, startDashboard } from './dashboard/start-dashboard.ts';
import { threadsPerWorker } from './fleet/threads-per-worker.ts';
import { type LocalOptions, readOptions, USAGE } from './options.ts';
import type { LocalQueue } from './stack/local-queue.ts';
import { bucketFolder } from './stack/object-files.ts';
import { StackError } from './stack/stack-error.ts';
import { type LocalStack, startLocalStack } from './start-local-stack.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function run(options: LocalOptions): Promise<void> {
  // Heard from the start: a signal while it starts ends it too, once it stands.
  const ended = firstSignal();
  const { autoscale, ...fixed } = options;
  const most = autoscale?.tasksMax ?? options.workers;
  const stack = await startLocalStack({
    ...fixed,
    ...(autoscale === undefined ? {} : { autoscale }),
    workerEnvironment: {
      [ENVIRONMENT.threads]: process.env[ENVIRONMENT.threads] ?? threadsPerWorker(most),
      // Any free one: there are several workers, and each serves its own.
      [ENVIRONMENT.metricsPort]: '0',
    },
    report: say,
  });
  let dashboard: Dashboard | undefined;
  try {
    const { dashboardPort: port, alarmSpeed } = options;
    dashboard = await startDashboard({ stack, port, alarmSpeed, report: say });
    say(describe(stack, dashboard));
    const death = await Promise.race([ended, stack.died]);
    if (death instanceof StackError) throw death;
    say('\nStopping: workers finish or release what they have.');
  } finally {
    await dashboard?.stop();
    await stack.stop();
  }
  say('Stopped. Everything is kept; start again with the same command.');
}

/** Fulfilled by the first signal; the second ends the process at once. */
function firstSignal(): Promise<'signal'> {
  const heard = Promise.withResolvers<'signal'>();
  let count = 0;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      count += 1;
      if (count > 1) process.exit(1);
      heard.resolve('signal');
    });
  }
  return heard.promise;
}

function describe(stack: LocalStack, { address }: Dashboard): string {
  const { servers, queue, endpoint } = stack;
  return `NutriSage runs on this machine:

  Dashboard    ${address}
  ${queue.kind === 'sqs' ? 'SQS and S3   ' : 'S3           '}${servers.endpoint}${describeRedis(queue)}
  DynamoDB     ${servers.tableEndpoint}
  Workers      ${describeWorkers(stack)}
  Endpoint     ${endpoint?.address ?? 'none (--endpoint none)'}
  Metrics      ${metricsOf(stack).join(' ') || 'none'}
  Grades       ${join(bucketFolder(servers.store.objectsDirectory, RESOURCES.dataBucket), 'grades')}

${grading(stack)}Submit a file:   npx nutrisage submit file.parquet --wait
Stop:            Ctrl-C`;
}

function describeRedis({ environment }: LocalQueue): string {
  const url = environment[ENVIRONMENT.redisUrl];
  return url === undefined ? '' : `\n  Redis        ${withoutPassword(url)}`;
}

function describeWorkers({ fleet, autoscaling, directory }: LocalStack): string {
  if (fleet === undefined) return 'none (--workers 0)';
  const { tasksMin, tasksMax } = autoscaling?.policy ?? { tasksMin: 0, tasksMax: 0 };
  const range = autoscaling === undefined ? '' : ` (${tasksMin} to ${tasksMax}, as the backlog asks for)`;
  const processes = fleet.pids.length === 0 ? '' : `, processes ${fleet.pids.join(', ')}`;
  return `${fleet.pids.length}${range}${processes}; logs in ${join(directory, LOCAL_LOGS_DIRECTORY)}`;
}

function metricsOf({ fleet, endpoint }: LocalStack): string[] {
  return [
    ...(fleet?.metricsAddresses ?? []),
    ...(endpoint === undefined ? [] : [`${endpoint.address}/metrics`]),
  ];
}

function grading({ endpoint }: LocalStack): string {
  if (endpoint === undefined) return '';
  return `Grade a product: ${endpoint.address} in a browser, or npx nutrisage grade --sugars 32 --energy-kj 1900\n`;
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.isHelp) say(USAGE);
  else await run(options);
} catch (error) {
  process.exitCode = 1;
  const text = error instanceof StackError ? `${error.message} ${error.remedy}` : String(error);
  process.stderr.write(`${text}\n`);
}
