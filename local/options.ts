/** What `npm run local -- …` was asked for, from its arguments and environment. */
import { LOCAL_STACK_DIRECTORY } from '../schemas/local-stack.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { QUEUE_KINDS, type QueueKind } from '../schemas/redis-queue.ts';
import { readArguments } from './read-arguments.ts';
import { DEFAULT_PORT } from './stack/start-servers.ts';

export interface LocalOptions {
  readonly isHelp: boolean;
  readonly workers: number;
  readonly directory: string;
  readonly port: number;
  readonly tablePort: number;
  readonly modelFolder: string;
  readonly queue: QueueKind;
  /** A Redis at hand; undefined: one is started where the queue needs it. */
  readonly redisUrl: string | undefined;
}

export const USAGE = `Usage: npm run local -- [options]

Runs SQS, S3 and DynamoDB on this machine, with workers that grade what is dropped in the inbox.

  --workers N      worker processes (default 2; 0 for the servers alone)
  --dir D          where all state lies (default ${LOCAL_STACK_DIRECTORY}, or ${ENVIRONMENT.localDirectory})
  --port P         port of SQS and S3; 0 for any free one (default ${DEFAULT_PORT}, or ${ENVIRONMENT.localPort})
  --table-port P   port of DynamoDB (default the one after --port)
  --queue Q        sqs, or bullmq: on the Redis that ${ENVIRONMENT.redisUrl} names, else on one that is started (default sqs, or
                   ${ENVIRONMENT.queue})
  --model D        folder of the model that is published when none is current (default fixtures/model)
  --help           this text
`;

type Environment = Readonly<Record<string, string | undefined>>;

const FLAGS = {
  workers: { type: 'string' },
  dir: { type: 'string' },
  port: { type: 'string' },
  'table-port': { type: 'string' },
  queue: { type: 'string' },
  model: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** @throws {StackError} one message with every fault. */
export function readOptions(args: readonly string[], environment: Environment): LocalOptions {
  return readArguments('npm run local', args, FLAGS, (values, number, choice) => {
    const portSource = values.port === undefined ? ENVIRONMENT.localPort : '--port';
    const portText = values.port ?? environment[ENVIRONMENT.localPort] ?? `${DEFAULT_PORT}`;
    const port = number(portSource, portText, [0, 65_534]);
    // Any free one beside any free one; else the next, so that one flag moves both.
    const tablePortText = values['table-port'] ?? `${port > 0 ? port + 1 : 0}`;
    return {
      isHelp: values.help ?? false,
      workers: number('--workers', values.workers ?? '2', [0, 64]),
      directory: values.dir ?? environment[ENVIRONMENT.localDirectory] ?? LOCAL_STACK_DIRECTORY,
      port,
      tablePort: number('--table-port', tablePortText, [0, 65_535]),
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
