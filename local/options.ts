/** What `npm run local -- …` was asked for, from its arguments and environment. */
import type { TaskRange } from '../core/scaling/policy.ts';
import { LOCAL_STACK_DIRECTORY } from '../schemas/local-stack.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { QUEUE_KINDS, type QueueKind } from '../schemas/redis-queue.ts';
import { type NumberReader, readArguments } from './read-arguments.ts';
import { DEFAULT_PORT } from './stack/start-servers.ts';

export interface LocalOptions {
  readonly isHelp: boolean;
  /** At the begin. */
  readonly workers: number;
  /** Undefined: as many as `workers`, always. */
  readonly autoscale: TaskRange | undefined;
  readonly directory: string;
  readonly port: number;
  readonly tablePort: number;
  readonly dashboardPort: number;
  /** Periods of alarms pass so many times as fast as their table says. */
  readonly alarmSpeed: number;
  /** Absent: no endpoint. */
  readonly endpointPort: number | undefined;
  readonly modelFolder: string;
  readonly queue: QueueKind;
  /** A Redis at hand; undefined: one is started where the queue needs it. */
  readonly redisUrl: string | undefined;
}

const DEFAULT_ENDPOINT_PORT = 8080;
const NO_ENDPOINT = 'none';

export const USAGE = `Usage: npm run local -- [options]

Runs SQS, S3 and DynamoDB on this machine, with workers that grade what is dropped in the inbox, and the HTTP endpoint.

  --workers N         worker processes (default 2; 0 for the servers alone; with --autoscale so many at first)
  --autoscale A:B     from A to B worker processes, as the backlog asks for (such as 1:4)
  --dir D             where all state lies (default ${LOCAL_STACK_DIRECTORY}, or ${ENVIRONMENT.localDirectory})
  --port P            port of SQS and S3; 0 for any free one (default ${DEFAULT_PORT}, or ${ENVIRONMENT.localPort})
  --table-port P      port of DynamoDB (default the one after --port)
  --dashboard-port P  port of the page (default the third after --port)
  --alarm-speed N     periods of the page's alarms pass N times as fast as on AWS, to see them clear (default 1)
  --endpoint P        port of the HTTP endpoint and its page; 0 for any free one, none for no endpoint (default ${DEFAULT_ENDPOINT_PORT})
  --queue Q           sqs, or bullmq: on the Redis that ${ENVIRONMENT.redisUrl} names, else on one that is started (default
                      sqs, or ${ENVIRONMENT.queue})
  --model D           folder of the model that is published when none is current (default fixtures/model)
  --help              this text
`;

type Environment = Readonly<Record<string, string | undefined>>;

const LAST_PORT = 65_535;
const WORKERS_MAX = 64;
/** From --port to the page's: the table server's lies between, and there is room for one more. */
const DASHBOARD_OFFSET = 3;

const FLAGS = {
  workers: { type: 'string' },
  autoscale: { type: 'string' },
  dir: { type: 'string' },
  port: { type: 'string' },
  'table-port': { type: 'string' },
  queue: { type: 'string' },
  'dashboard-port': { type: 'string' },
  'alarm-speed': { type: 'string' },
  endpoint: { type: 'string' },
  model: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** @throws {StackError} one message with every fault. */
export function readOptions(args: readonly string[], environment: Environment): LocalOptions {
  return readArguments('npm run local', args, FLAGS, (values, number, choice) => {
    const portSource = values.port === undefined ? ENVIRONMENT.localPort : '--port';
    const portText = values.port ?? environment[ENVIRONMENT.localPort] ?? `${DEFAULT_PORT}`;
    const port = number(portSource, portText, [0, LAST_PORT - DASHBOARD_OFFSET]);
    // Any free one beside any free one; else the next, so that one flag moves all.
    const beside = (offset: number): string => `${port > 0 ? port + offset : 0}`;
    const tablePortText = values['table-port'] ?? beside(1);
    const dashboardPortText = values['dashboard-port'] ?? beside(DASHBOARD_OFFSET);
    const autoscale = values.autoscale === undefined ? undefined : rangeOf(values.autoscale, number);
    const [least, most] = [autoscale?.tasksMin ?? 0, autoscale?.tasksMax ?? WORKERS_MAX];
    return {
      isHelp: values.help ?? false,
      workers: number('--workers', values.workers ?? `${autoscale?.tasksMin ?? 2}`, [least, most]),
      autoscale,
      directory: values.dir ?? environment[ENVIRONMENT.localDirectory] ?? LOCAL_STACK_DIRECTORY,
      port,
      tablePort: number('--table-port', tablePortText, [0, LAST_PORT]),
      dashboardPort: number('--dashboard-port', dashboardPortText, [0, LAST_PORT]),
      alarmSpeed: number('--alarm-speed', values['alarm-speed'] ?? '1', [1, 3600]),
      endpointPort:
        values.endpoint === NO_ENDPOINT
          ? undefined
          : number('--endpoint', values.endpoint ?? `${DEFAULT_ENDPOINT_PORT}`, [0, LAST_PORT]),
      modelFolder: values.model ?? 'fixtures/model',
      queue: choice(
        values.queue === undefined ? ENVIRONMENT.queue : '--queue',
        values.queue ?? (environment[ENVIRONMENT.queue] || 'sqs'),
        QUEUE_KINDS,
      ),
      redisUrl: environment[ENVIRONMENT.redisUrl] || undefined,
    };
  });
}

/** `1:4` as from 1 to 4. */
function rangeOf(text: string, number: NumberReader): TaskRange {
  const [least = '', most = '', ...rest] = text.split(':');
  const tasksMin = number('the first number of --autoscale', least, [0, WORKERS_MAX]);
  // What follows a second colon is a fault of the second number.
  return {
    tasksMin,
    tasksMax: number('the second number of --autoscale', [most, ...rest].join(':'), [
      Math.max(1, tasksMin),
      WORKERS_MAX,
    ]),
  };
}
