/** The HTTP endpoint on this machine, kept alive as the workers are: one process, its log apart, stopped by SIGTERM. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LOCAL_LOGS_DIRECTORY } from '../../schemas/local-stack.ts';
import { ENVIRONMENT, PATHS } from '../../schemas/names.ts';
import { LOOPBACK } from '../stack/addresses.ts';
import { freePort } from '../stack/free-port.ts';
import { withoutAws } from './without-aws.ts';
import { openSeat, type WorkerSeat } from './worker-seat.ts';

export interface EndpointOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** What `provision` returned, and any further settings. */
  readonly environment: Readonly<Record<string, string>>;
  /** The stack's directory: the log lies in its `logs/endpoint.log`. */
  readonly directory: string;
  /** What it gets to answer what it has; five seconds later it is killed. @default 10 */
  readonly stopSeconds?: number;
  /** Takes one sentence for each death. @default none */
  readonly report?: (sentence: string) => void;
}

export interface LocalEndpoint extends Pick<WorkerSeat, 'pid' | 'kill' | 'readyAfter'> {
  /** URL without a slash at the end; the same after a restart. */
  readonly address: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

const ENDPOINT_MAIN = fileURLToPath(new URL('../../worker/endpoint-main.ts', import.meta.url));
const STOP_SECONDS = 10;
const GRACE_SECONDS = 5;
/** Loading the shipped model takes a second. One that can not be used must not keep the rest from starting. */
const READY_MS_MAX = 15_000;
const LOOK_MS = 50;

/** @throws {StackError} when it dies before it is ready, with the last line of its log. */
export async function startEndpoint(options: EndpointOptions): Promise<LocalEndpoint> {
  const logs = join(options.directory, LOCAL_LOGS_DIRECTORY);
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, 'endpoint.log');
  // Found here and not by the process, which may be another one tomorrow.
  const port = options.port === 0 ? await freePort() : options.port;
  const stopSeconds = options.stopSeconds ?? STOP_SECONDS;
  const seat = openSeat({
    name: 'endpoint',
    entry: ENDPOINT_MAIN,
    nodeFlags: [],
    environment: {
      ...withoutAws(process.env),
      ...options.environment,
      [ENVIRONMENT.endpointHost]: LOOPBACK,
      [ENVIRONMENT.endpointPort]: String(port),
      [ENVIRONMENT.stopSeconds]: String(stopSeconds),
      [ENVIRONMENT.workerName]: 'endpoint',
    },
    logFile,
    stopMs: (stopSeconds + GRACE_SECONDS) * 1000,
    report: options.report ?? (() => {}),
  });
  try {
    await seat.firstReady;
  } catch (error) {
    await seat.stop();
    throw error;
  }
  const address = `http://${LOOPBACK}:${port}`;
  await readyOrLate(address);
  return {
    get pid() {
      return seat.pid;
    },
    kill: seat.kill,
    readyAfter: seat.readyAfter,
    address,
    logFile,
    stop: seat.stop,
  };
}

/** Until it can grade, or for as long as that may take. */
async function readyOrLate(address: string): Promise<void> {
  const end = performance.now() + READY_MS_MAX;
  while (performance.now() < end) {
    const isReady = await fetch(`${address}${PATHS.ready}`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await pause(LOOK_MS);
  }
}
