/** What `npm run local -- …` was asked for, from its arguments and environment. */
import { LOCAL_STACK_DIRECTORY } from '../schemas/local-stack.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { readArguments } from './read-arguments.ts';
import { DEFAULT_PORT } from './stack/start-servers.ts';

export interface LocalOptions {
  readonly isHelp: boolean;
  readonly workers: number;
  readonly directory: string;
  readonly port: number;
  readonly tablePort: number;
  /** Absent: no endpoint. */
  readonly endpointPort: number | undefined;
  readonly modelFolder: string;
}

const DEFAULT_ENDPOINT_PORT = 8080;
const NO_ENDPOINT = 'none';

export const USAGE = `Usage: npm run local -- [options]

Runs SQS, S3 and DynamoDB on this machine, with workers that grade what is dropped in the inbox, and the HTTP endpoint.

  --workers N      worker processes (default 2; 0 for the servers alone)
  --dir D          where all state lies (default ${LOCAL_STACK_DIRECTORY}, or ${ENVIRONMENT.localDirectory})
  --port P         port of SQS and S3; 0 for any free one (default ${DEFAULT_PORT}, or ${ENVIRONMENT.localPort})
  --table-port P   port of DynamoDB (default the one after --port)
  --endpoint P     port of the HTTP endpoint and its page; 0 for any free one, none for no endpoint (default ${DEFAULT_ENDPOINT_PORT})
  --model D        folder of the model that is published when none is current (default fixtures/model)
  --help           this text
`;

type Environment = Readonly<Record<string, string | undefined>>;

const FLAGS = {
  workers: { type: 'string' },
  dir: { type: 'string' },
  port: { type: 'string' },
  'table-port': { type: 'string' },
  endpoint: { type: 'string' },
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
    return {
      isHelp: values.help ?? false,
      workers: number('--workers', values.workers ?? '2', [0, 64]),
      directory: values.dir ?? environment[ENVIRONMENT.localDirectory] ?? LOCAL_STACK_DIRECTORY,
      port,
      tablePort: number('--table-port', tablePortText, [0, 65_535]),
      endpointPort:
        values.endpoint === NO_ENDPOINT
          ? undefined
          : number('--endpoint', values.endpoint ?? `${DEFAULT_ENDPOINT_PORT}`, [0, 65_535]),
      modelFolder: values.model ?? 'fixtures/model',
    };
  });
}
