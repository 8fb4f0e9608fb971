/** The whole embedded stack in its order: servers, resources and model, queue, inbox events, workers, `stack.json`. */
import type { ScalingClock } from '../core/scaling/clocks.ts';
import { PROFILES, type TaskRange, workerPolicy } from '../core/scaling/policy.ts';
import { workerSize } from '../core/scaling/task-sizes.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { type Autoscaling, startAutoscaling } from './fleet/autoscale.ts';
import { type Fleet, startFleet } from './fleet/fleet.ts';
import { type LocalEndpoint, startEndpoint } from './fleet/start-endpoint.ts';
import { connectInbox } from './stack/inbox-events.ts';
import { type LocalQueue, type LocalQueueOptions, openLocalQueue } from './stack/local-queue.ts';
import { type ProvisionOptions, provision } from './stack/provision.ts';
import type { StackError } from './stack/stack-error.ts';
import { removeStackFile, writeStackFile } from './stack/stack-file.ts';
import { type ServerOptions, type Servers, startServers } from './stack/start-servers.ts';

export interface LocalStackOptions extends ServerOptions, ProvisionOptions, LocalQueueOptions {
  /** Worker processes; 0 for none. @default 0, or the fewest of `autoscale` */
  readonly workers?: number;
  /** As many workers as the backlog asks for, within this range. @default as many as `workers`, always */
  readonly autoscale?: AutoscaleRange;
  /** Program of a worker. @default worker/main.ts */
  readonly entry?: string;
  /** Further environment variables of the workers; they win over those of the stack. */
  readonly workerEnvironment?: Readonly<Record<string, string>>;
  /** From SIGTERM until a worker releases its shards, in seconds. @default 20 */
  readonly stopSeconds?: number;
  /** Port of the HTTP endpoint, 0 for any free one. @default there is none */
  readonly endpointPort?: number | undefined;
  /** Further environment variables of the endpoint; they win over those of the stack. */
  readonly endpointEnvironment?: Readonly<Record<string, string>>;
  /** Takes one sentence for each death of a worker or of the endpoint. @default none */
  readonly report?: (sentence: string) => void;
}

export interface AutoscaleRange extends TaskRange {
  /** @default the demo profile's */
  readonly clock?: ScalingClock;
}

export interface LocalStack {
  /** Absolute. */
  readonly directory: string;
  readonly servers: Servers;
  readonly queue: LocalQueue;
  /** Fulfilled with the reason when a server dies by itself. */
  readonly died: Promise<StackError>;
  /** Every variable that a client or a worker needs; nothing is set on this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absent without workers. */
  readonly fleet: Fleet | undefined;
  /** Absent where the number of workers is fixed. */
  readonly autoscaling: Autoscaling | undefined;
  readonly endpoint: LocalEndpoint | undefined;
  /** Workers and endpoint first, then the servers they talk to. Later calls await the first. */
  stop(): Promise<void>;
}

/** @throws {StackError} when any part cannot start; what had started is stopped again. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const servers = await startServers(options);
  let queue: LocalQueue | undefined;
  let fleet: Fleet | undefined;
  let autoscaling: Autoscaling | undefined;
  let endpoint: LocalEndpoint | undefined;
  /** What has started so far. */
  const stopAll = async (): Promise<void> => {
    removeStackFile(servers.directory);
    await autoscaling?.stop();
    await Promise.all([fleet?.stop(), endpoint?.stop()]);
    await queue?.stop();
    await servers.stop();
  };
  try {
    // One left by a stack that was killed would send clients to ports that nobody serves.
    removeStackFile(servers.directory);
    const provided = await provision(servers, options);
    queue = await openLocalQueue(servers, provided, options);
    connectInbox(servers, queue.post);
    const needed = { ...provided, ...queue.environment };
    fleet = await startWorkers(servers.directory, needed, options);
    autoscaling = fleet === undefined ? undefined : autoscale(fleet, queue, options);
    endpoint = await serveEndpoint(servers.directory, needed, options);
    const environment =
      endpoint === undefined ? needed : { ...needed, [ENVIRONMENT.endpointUrl]: endpoint.address };
    writeStackFile(servers.directory, environment);
    let stopping: Promise<void> | undefined;
    return {
      directory: servers.directory,
      servers,
      queue,
      died: Promise.race([servers.died, queue.died]),
      environment,
      fleet,
      autoscaling,
      endpoint,
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

async function startWorkers(
  directory: string,
  environment: Readonly<Record<string, string>>,
  options: LocalStackOptions,
): Promise<Fleet | undefined> {
  const { autoscale: range, entry, workerEnvironment, stopSeconds, report } = options;
  const workers = options.workers ?? range?.tasksMin ?? 0;
  if (workers === 0 && range === undefined) return undefined;
  return startFleet({
    workers,
    directory,
    environment: { ...environment, ...workerEnvironment },
    ...(entry === undefined ? {} : { entry }),
    ...(stopSeconds === undefined ? {} : { stopSeconds }),
    ...(report === undefined ? {} : { report }),
  });
}

/** By the policy of the worker service, in its demo profile. */
function autoscale(fleet: Fleet, queue: LocalQueue, options: LocalStackOptions): Autoscaling | undefined {
  const { autoscale: range, workerEnvironment = {}, report = () => {} } = options;
  if (range === undefined) return undefined;
  const { demo } = PROFILES;
  const threads = Number(workerEnvironment[ENVIRONMENT.threads] ?? 1);
  const { clock = demo.clock, ...tasks } = range;
  const policy = workerPolicy({ ...demo, clock }, workerSize(undefined, threads), tasks);
  const workers = options.workers ?? tasks.tasksMin;
  return startAutoscaling({ fleet, workers, policy, clock, readBacklog: queue.depths, report });
}

async function serveEndpoint(
  directory: string,
  environment: Readonly<Record<string, string>>,
  { endpointPort, endpointEnvironment, report }: LocalStackOptions,
): Promise<LocalEndpoint | undefined> {
  if (endpointPort === undefined) return undefined;
  return startEndpoint({
    port: endpointPort,
    directory,
    environment: { ...environment, ...endpointEnvironment },
    ...(report === undefined ? {} : { report }),
  });
}
