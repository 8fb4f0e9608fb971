/** What `npm run local -- …` was asked for, from its arguments and environment. */
import type { TaskRange } from '../core/scaling/policy.ts';
import { LOCAL_STACK_DIRECTORY } from '../schemas/local-stack.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
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
  readonly modelFolder: string;
}

export const USAGE = `Usage: npm run local -- [options]

Runs SQS, S3 and DynamoDB on this machine, with workers that grade what is dropped in the inbox.

  --workers N      worker processes (default 2; 0 for the servers alone)
  --autoscale A:B  from A to B worker processes, as the backlog asks for (such as 1:4)
  --dir D          where all state lies (default ${LOCAL_STACK_DIRECTORY}, or ${ENVIRONMENT.localDirectory})
  --port P         port of SQS and S3; 0 for any free one (default ${DEFAULT_PORT}, or ${ENVIRONMENT.localPort})
  --table-port P   port of DynamoDB (default the one after --port)
  --model D        folder of the model that is published when none is current (default fixtures/model)
  --help           this text
`;

type Environment = Readonly<Record<string, string | undefined>>;

const FLAGS = {
  workers: { type: 'string' },
  autoscale: { type: 'string' },
  dir: { type: 'string' },
  port: { type: 'string' },
  'table-port': { type: 'string' },
  model: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** @throws {StackError} one message with every fault. */
export function readOptions(args: readonly string[], environment: Environment): LocalOptions {
  return readArguments('npm run local', args, FLAGS, (values, number) => {
    const portSource = values.port === undefined ? ENVIRONMENT.localPort : '--port';
    const portText = values.port ?? environment[ENVIRONMENT.localPort] ?? `${DEFAULT_PORT}`;
    const port = number(portSource, portText, [0, 65_534]);
    // Any free one beside any free one; else the next, so that one flag moves both.
    const tablePortText = values['table-port'] ?? `${port > 0 ? port + 1 : 0}`;
    const autoscale = values.autoscale === undefined ? undefined : rangeOf(values.autoscale, number);
    return {
      isHelp: values.help ?? false,
      workers: number('--workers', values.workers ?? `${autoscale?.tasksMin ?? 2}`, [0, 64]),
      autoscale,
      directory: values.dir ?? environment[ENVIRONMENT.localDirectory] ?? LOCAL_STACK_DIRECTORY,
      port,
      tablePort: number('--table-port', tablePortText, [0, 65_535]),
      modelFolder: values.model ?? 'fixtures/model',
    };
  });
}

/** `1:4` as from 1 to 4. */
function rangeOf(text: string, number: NumberReader): TaskRange {
  const [least = '', most = '', ...rest] = text.split(':');
  const tasksMin = number('the first number of --autoscale', least, [0, 64]);
  // What follows a second colon is a fault of the second number.
  return {
    tasksMin,
    tasksMax: number('the second number of --autoscale', [most, ...rest].join(':'), [
      Math.max(1, tasksMin),
      64,
    ]),
  };
}
