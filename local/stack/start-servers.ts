/** The embedded servers: SQS and S3 on one port, DynamoDB on another, state under one directory. */
import { resolve } from 'node:path';
import { LOOPBACK, REGION } from './addresses.ts';
import { lockDirectory } from './directory-lock.ts';
import { type QueueAndObjectServer, startQueueAndObjectServer } from './queue-and-object-server.ts';
import type { StackError } from './stack-error.ts';
import { startTableServer, type TableServer } from './table-server.ts';

export const DEFAULT_PORT = 4566;
const DEFAULT_TABLE_PORT = 4567;

export interface ServerOptions {
  /** Where all state lies; made where it is missing. */
  readonly directory: string;
  /** Of SQS and S3; 0 for any free one. @default 4566 */
  readonly port?: number;
  /** Of DynamoDB; 0 for any free one. @default 4567 */
  readonly tablePort?: number;
}

export interface Servers {
  /** Absolute. */
  readonly directory: string;
  /** URL of SQS and S3, without a slash at the end. */
  readonly endpoint: string;
  /** URL of DynamoDB. */
  readonly tableEndpoint: string;
  /** Variables that point any AWS SDK at these servers. */
  readonly environment: Readonly<Record<string, string>>;
  readonly store: QueueAndObjectServer;
  /** Fulfilled with the reason when a server dies by itself. */
  readonly died: Promise<StackError>;
  /** Stops both and gives the directory back; later calls await the first. */
  stop(): Promise<void>;
}

/** @throws {StackError} when a port is taken or another stack owns the directory; nothing then stays behind. */
export async function startServers(options: ServerOptions): Promise<Servers> {
  const directory = resolve(options.directory);
  const lock = lockDirectory(directory);
  const undo: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    // Each is tried, whatever the others do, and the directory is given back last.
    await Promise.allSettled(undo.map((stop) => stop()));
    lock.release();
  };
  try {
    const store = await startQueueAndObjectServer({ directory, port: options.port ?? DEFAULT_PORT });
    undo.push(() => store.stop());
    const tables = await startTableServer({ directory, port: options.tablePort ?? DEFAULT_TABLE_PORT });
    undo.push(() => tables.stop());
    let stopping: Promise<void> | undefined;
    return {
      ...describeServers(directory, store, tables),
      stop() {
        stopping ??= stopAll();
        return stopping;
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function describeServers(
  directory: string,
  store: QueueAndObjectServer,
  tables: TableServer,
): Omit<Servers, 'stop'> {
  const addresses = {
    endpoint: `http://${LOOPBACK}:${store.port}`,
    tableEndpoint: `http://${LOOPBACK}:${tables.port}`,
  };
  return { directory, ...addresses, environment: sdkEnvironment(addresses), store, died: tables.died };
}

/** Variables that point any AWS SDK at servers that ask for no credentials. */
export function sdkEnvironment({
  endpoint,
  tableEndpoint,
}: Pick<Servers, 'endpoint' | 'tableEndpoint'>): Servers['environment'] {
  return {
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: tableEndpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}
