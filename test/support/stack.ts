/** An embedded stack for one test file: free ports, a folder of its own, gone when it is stopped. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProvisionOptions, provision } from '../../local/stack/provision.ts';
import { type ServerOptions, type Servers, startServers } from '../../local/stack/start-servers.ts';

export interface TestStackOptions extends ProvisionOptions {
  /** A folder to work in, which then is not deleted; by default a new one. */
  readonly directory?: string;
}

export interface TestStack {
  readonly directory: string;
  readonly servers: Servers;
  /** Every variable that a worker, a client or an AWS SDK needs; not set on this process. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'nutrisage-stack-')));
  const ports: Pick<ServerOptions, 'port' | 'tablePort'> = { port: 0, tablePort: 0 };
  const servers = await startServers({ directory, ...ports });
  const stop = async (): Promise<void> => {
    await servers.stop();
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  };
  try {
    const environment = await provision(servers, options);
    return { directory, servers, environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
