/** Load on an endpoint of the local stack while a model is promoted, taken back, and the process is restarted. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LocalEndpoint } from '../../local/fleet/start-endpoint.ts';
import type { LocalStack } from '../../local/start-local-stack.ts';
import type { LoadReport } from '../../producer/load/load-report.ts';
import { Readiness } from '../../schemas/http.ts';
import { PATHS } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';

export interface SoakOptions {
  readonly stack: LocalStack;
  /** Makes another version current, and the one before again. */
  readonly promote: () => Promise<void>;
  readonly rollback: () => Promise<void>;
  readonly requestsPerSecond: number;
  /** At the most; with `isShort` it ends once all is done. */
  readonly seconds: number;
  readonly isShort?: boolean;
  readonly retrySeconds: number;
  /** For the schedule. */
  readonly folder: string;
}

export interface SoakOutcome {
  readonly report: LoadReport;
  /** Models that requests were graded with, one after the other. */
  readonly versions: readonly string[];
  /** Process ids before and after the restart. */
  readonly processes: readonly number[];
}

const BIN = fileURLToPath(new URL('../../producer/bin/nutrisage.mjs', import.meta.url));
const LOOK_MS = 100;
const CHANGE_MS_MAX = 60_000;
/** Load before the first change, between two, and after the last. */
const BETWEEN_MS = 1500;

const readiness = createParser('readiness', Readiness);

export async function soakEndpoint(options: SoakOptions): Promise<SoakOutcome> {
  const { stack, requestsPerSecond, seconds, retrySeconds, folder } = options;
  const { endpoint } = stack;
  if (endpoint === undefined) throw new Error('The stack has no endpoint.');
  const schedule = join(folder, 'schedule.json');
  await writeFile(schedule, JSON.stringify({ phases: [{ seconds, requestsPerSecond }] }));
  const args = ['load', '--schedule', schedule, '--retry-seconds', String(retrySeconds), '--json'];
  const client = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, ...stack.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed = text(client.stdout);
  const ended = once(client, 'close');
  try {
    const changes = await changeAll(endpoint, options);
    if (options.isShort === true) client.kill('SIGINT');
    await ended;
    return { report: JSON.parse(await printed) as LoadReport, ...changes };
  } finally {
    client.kill('SIGKILL');
  }
}

async function changeAll(endpoint: LocalEndpoint, { promote, rollback }: SoakOptions) {
  const first = await versionOf(endpoint, () => true);
  await pause(BETWEEN_MS);
  await promote();
  const second = await versionOf(endpoint, (version) => version !== first);
  await pause(BETWEEN_MS);
  await rollback();
  const third = await versionOf(endpoint, (version) => version !== second);
  await pause(BETWEEN_MS);
  const pid = endpoint.pid ?? 0;
  endpoint.kill('SIGTERM');
  const restarted = await endpoint.readyAfter(pid);
  const fourth = await versionOf(endpoint, () => true);
  await pause(BETWEEN_MS);
  return { versions: [first, second, third, fourth], processes: [pid, restarted] };
}

/** The version in use, once there is one that is asked for. */
async function versionOf({ address }: LocalEndpoint, isAsked: (version: string) => boolean): Promise<string> {
  const end = performance.now() + CHANGE_MS_MAX;
  while (performance.now() < end) {
    const version = await fetch(`${address}${PATHS.ready}`).then(
      async (response) => readiness.parse(await response.json()).modelVersion,
      () => undefined,
    );
    if (version !== undefined && isAsked(version)) return version;
    await pause(LOOK_MS);
  }
  throw new Error(`The endpoint did not change its model within ${CHANGE_MS_MAX / 1000} s.`);
}
