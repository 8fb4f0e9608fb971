/**
 * Queue, store and tables, each a process of its own over a folder of its own: one can be killed as its machine would be,
 * and started again on the same port with what it had written. Clients reach all three at one address.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOOPBACK } from '../../local/stack/addresses.ts';
import { provision } from '../../local/stack/provision.ts';
import { sdkEnvironment } from '../../local/stack/start-servers.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { GroundStackOptions } from './ground.ts';
import type { Operation } from './operation.ts';
import type { GroundStack } from './run-plan.ts';

export type ServerKind = Operation['service'];
export const SERVER_KINDS: readonly ServerKind[] = ['queue', 'store', 'table'];

export interface StackOfProcesses extends GroundStack {
  /** SIGKILL; fulfilled when it is gone. */
  kill(kind: ServerKind): Promise<void>;
  /** A new process over what the killed one had written; fulfilled when it serves. */
  start(kind: ServerKind): Promise<void>;
}

interface ServerProcess {
  readonly child: ChildProcess;
  readonly port: number;
}

const MAIN = fileURLToPath(new URL('./server-process-main.ts', import.meta.url));

export async function startStackOfProcesses(options: GroundStackOptions): Promise<StackOfProcesses> {
  const servers = new Map<ServerKind, ServerProcess>();
  const start = async (kind: ServerKind): Promise<void> => {
    const port = servers.get(kind)?.port ?? 0;
    servers.set(kind, await startServerProcess(kind, join(options.directory, kind), port));
  };
  await Promise.all(SERVER_KINDS.map(start));
  const addressOf = (kind: ServerKind): string => `http://${LOOPBACK}:${servers.get(kind)?.port}`;
  const door = await startFaultProxy({
    servers: {
      endpoint: addressOf('store'),
      queueEndpoint: addressOf('queue'),
      tableEndpoint: addressOf('table'),
    },
    faultFor: () => undefined,
    onStep: () => {},
  });
  const addresses = { endpoint: door.endpoint, tableEndpoint: door.endpoint };
  const environment = await provision({ ...addresses, environment: sdkEnvironment(addresses) }, options);
  const kill = async (kind: ServerKind): Promise<void> => {
    const child = servers.get(kind)?.child;
    if (child === undefined || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    servers: addresses,
    environment,
    kill,
    start,
    async stop() {
      await door.close();
      await Promise.all(SERVER_KINDS.map(kill));
    },
  };
}

async function startServerProcess(kind: ServerKind, directory: string, port: number): Promise<ServerProcess> {
  const child = fork(MAIN, [kind, directory, String(port)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const first = await Promise.race([
    once(child, 'message').then(([message]) => message as { readonly port: number }),
    once(child, 'exit').then(([code]) => new Error(`The ${kind} server ended with ${code} at its start.`)),
  ]);
  if (first instanceof Error) throw first;
  return { child, port: first.port };
}
