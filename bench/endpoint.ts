/**
 * `npm run bench:endpoint`: the endpoint beside FastAPI, uvicorn and XGBoost, one process each, with the same model (500 trees of
 * depth 6, XGBoost's usual classifier) on the same machine. FastAPI runs twice: as its packages come, and with uvloop and
 * httptools, which uvicorn takes where they are installed. wrk asks all in turn with 32 connections, so that a busy machine slows
 * all; the median of the turns counts. Ours does more for each request (rules, validation, warnings, metrics, drift). Then ours
 * alone: latencies at half of its own rate, and lists of a thousand items. `--json` prints one JSON line; `--turns` and
 * `--seconds` change the rest. As root on Debian it installs what it asks with.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FEATURE_NAMES } from '../core/features/feature-table.ts';
import { freePort } from '../local/stack/free-port.ts';
import { startLocalStack } from '../local/start-local-stack.ts';
import { madeItems } from '../producer/load/load-bodies.ts';
import { ENVIRONMENT, PATHS } from '../schemas/names.ts';
import { median } from './median.ts';
import { writeUsualModel } from './usual-model.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PEERS = join(ROOT, 'bench/peers');
const SHIPPED = join(ROOT, 'fixtures/model');
/** Debian's own: the packages are for it. */
const PYTHON = '/usr/bin/python3';
const PACKAGES = [
  'python3-fastapi',
  'python3-uvicorn',
  'python3-uvloop',
  'python3-httptools',
  'python3-xgboost',
  'wrk',
] as const;
const CONNECTIONS = 32;
const PAUSING_CONNECTIONS = 128;
const ROUNDS = 100;
const LIST_ITEMS = 1000;
const LISTS = 200;
const READY_MS_MAX = 60_000;
const SETTLE_MS = 500;

interface Turn {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly failed: number;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    turns: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
  },
});
const turns = Number(options.turns);
const seconds = Number(options.seconds);

function installPeer(): void {
  const has = (program: string, args: readonly string[]): boolean => {
    try {
      execFileSync(program, args, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const isThere = (): boolean =>
    has(PYTHON, ['-c', 'import fastapi, uvicorn, uvloop, httptools, xgboost']) && has('which', ['wrk']);
  if (isThere()) return;
  if (process.getuid?.() === 0 && process.platform === 'linux') {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], {
      stdio: 'ignore',
    });
  }
  if (isThere()) return;
  throw new Error(`The peer is not installed: sudo apt-get install ${PACKAGES.join(' ')}`);
}

interface Peer {
  readonly url: string;
  readonly child: ChildProcess;
}

/** @param loop of asyncio; @param http what parses requests */
async function startPeer(boosterFile: string, loop: string, http: string): Promise<Peer> {
  const port = await freePort();
  const args = ['-m', 'uvicorn', 'fastapi_app:app', '--loop', loop, '--http', http];
  const child = spawn(PYTHON, [...args, '--port', `${port}`, '--log-level', 'warning', '--no-access-log'], {
    cwd: PEERS,
    env: {
      ...process.env,
      MODEL: boosterFile,
      FEATURES: `${FEATURE_NAMES.length}`,
      OMP_NUM_THREADS: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return { url: `http://127.0.0.1:${port}`, child };
}

async function ready(url: string): Promise<void> {
  const end = performance.now() + READY_MS_MAX;
  while (performance.now() < end) {
    const isReady = await fetch(`${url}${PATHS.ready}`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await pause(50);
  }
  throw new Error(`${url} is not ready after ${READY_MS_MAX / 1000} s.`);
}

interface Pace {
  readonly connections: number;
  /** Between an answer and the next request of a connection, in the mean; without it at once. */
  readonly pauseMs?: number;
}

function wrk(url: string, items: string, duration: number, { connections, pauseMs }: Pace): Turn {
  const args = ['-t1', `-c${connections}`, `-d${duration}s`, '-s', join(PEERS, 'post.lua'), url];
  const env = { ...process.env, ITEMS: items, ...(pauseMs !== undefined && { PAUSE_MS: `${pauseMs}` }) };
  const output = execFileSync('wrk', args, { env, encoding: 'utf8' });
  const line = output.split('\n').find((text) => text.startsWith('{')) ?? '';
  return JSON.parse(line) as Turn;
}

/**
 * Turns at half of the given rate: connections that pause between requests at random, so that requests come as those of many
 * clients do. They are many, so that one slow answer holds few of them back; wrk adds the samples that it did hold back.
 * How much of a connection's time is the answer, not the pause, the first turn tells.
 */
function turnsAtHalf(url: string, items: string, peakRate: number): Turn[] {
  const roundMs = (PAUSING_CONNECTIONS / (peakRate / 2)) * 1000;
  const ask = (pauseMs: number): Turn =>
    wrk(url, items, seconds, { connections: PAUSING_CONNECTIONS, pauseMs });
  const { requestsPerSecond } = ask(roundMs);
  const answerMs = (PAUSING_CONNECTIONS / requestsPerSecond) * 1000 - roundMs;
  return Array.from({ length: turns }, () => ask(roundMs - answerMs));
}

async function listMilliseconds(url: string): Promise<number[]> {
  const items = madeItems();
  const body = JSON.stringify(Array.from({ length: LIST_ITEMS }, (_, index) => items[index % items.length]));
  const times: number[] = [];
  for (let list = 0; list < LISTS; list += 1) {
    const start = performance.now();
    const response = await fetch(`${url}/grade`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`A list was answered with ${response.status}.`);
    times.push(performance.now() - start);
  }
  return times;
}

const cell = (value: number, width = 10): string => String(value).padEnd(width);
const digits = (value: number | undefined): number => Number((value ?? Number.NaN).toPrecision(4));

installPeer();
const folder = await mkdtemp(join(tmpdir(), 'nutrisage-bench-endpoint-'));
const usual = await writeUsualModel(join(folder, 'model'), SHIPPED, ROUNDS);
const items = join(folder, 'items.jsonl');
await writeFile(
  items,
  madeItems()
    .map((item) => `${JSON.stringify(item)}\n`)
    .join(''),
);
const stack = await startLocalStack({
  directory: join(folder, 'stack'),
  port: 0,
  tablePort: 0,
  modelFolder: usual.folder,
  endpointPort: 0,
  endpointEnvironment: { [ENVIRONMENT.logLevel]: 'warn' },
});
const url = stack.endpoint?.address ?? '';
const fastapi = await startPeer(usual.boosterFile, 'asyncio', 'h11');
const tuned = await startPeer(usual.boosterFile, 'uvloop', 'httptools');
const measured = { ours: [] as Turn[], fastapi: [] as Turn[], tuned: [] as Turn[] };
try {
  await Promise.all([ready(fastapi.url), ready(tuned.url)]);
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const [name, address] of [
      ['ours', url],
      ['fastapi', fastapi.url],
      ['tuned', tuned.url],
    ] as const) {
      await pause(SETTLE_MS);
      const one = wrk(address, items, turn === 0 ? 2 : seconds, { connections: CONNECTIONS });
      // The first warms up.
      if (turn > 0) measured[name].push(one);
    }
  }
  const rate = (name: keyof typeof measured): number =>
    median(measured[name].map(({ requestsPerSecond }) => requestsPerSecond));
  const p99 = (name: keyof typeof measured): number => median(measured[name].map(({ p99Ms }) => p99Ms));
  const timesAsMany = (name: 'fastapi' | 'tuned'): number => {
    const ratios = measured.ours.map(
      (one, turn) => one.requestsPerSecond / (measured[name][turn]?.requestsPerSecond ?? 0),
    );
    return digits(median(ratios));
  };
  const halves = turnsAtHalf(url, items, rate('ours'));
  const atHalf = (name: 'requestsPerSecond' | 'p50Ms' | 'p99Ms' | 'p999Ms'): number =>
    digits(median(halves.map((turn) => turn[name])));
  const lists = await listMilliseconds(url);
  const result = {
    benchmark: 'endpoint',
    trees: usual.trees,
    connections: CONNECTIONS,
    requestsOurs: Math.round(rate('ours')),
    requestsFastapi: Math.round(rate('fastapi')),
    requestsTunedFastapi: Math.round(rate('tuned')),
    requestsOverFastapi: timesAsMany('fastapi'),
    requestsOverTunedFastapi: timesAsMany('tuned'),
    p99Ours: digits(p99('ours')),
    p99Fastapi: digits(p99('fastapi')),
    p99TunedFastapi: digits(p99('tuned')),
    failed: [...Object.values(measured).flat(), ...halves].reduce((sum, { failed }) => sum + failed, 0),
    halfPeak: {
      requestsPerSecond: Math.round(atHalf('requestsPerSecond')),
      p50Ms: atHalf('p50Ms'),
      p99Ms: atHalf('p99Ms'),
      p999Ms: atHalf('p999Ms'),
    },
    listOfThousandP50Ms: digits(median(lists)),
    cpus: cpus().length,
    cpu: cpus()[0]?.model,
    node: process.version,
  };
  const text = `The endpoint beside FastAPI, uvicorn and XGBoost, ${usual.trees} trees, ${CONNECTIONS} connections, one process each:

                      ours      FastAPI        with uvloop and httptools
  requests a second   ${cell(result.requestsOurs)}${cell(result.requestsFastapi, 15)}${result.requestsTunedFastapi}
  times as many       ${cell(1)}${cell(result.requestsOverFastapi, 15)}${result.requestsOverTunedFastapi}
  p99, ms             ${cell(result.p99Ours)}${cell(result.p99Fastapi, 15)}${result.p99TunedFastapi}

  ours alone
  at half its rate    p50 ${result.halfPeak.p50Ms} ms, p99 ${result.halfPeak.p99Ms} ms, asked as by ${PAUSING_CONNECTIONS} clients that pause
  1,000 items         ${result.listOfThousandP50Ms} ms a list
`;
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : text);
} finally {
  for (const { child } of [fastapi, tuned]) child.kill('SIGTERM');
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
}
