/** Sends hostile requests, each on a connection of its own, some at once, and gathers what came back. */
import { connect } from 'node:net';
import { createRandom } from '../../trainer/random.ts';
import { hostileRequest } from './hostile-requests.ts';

export interface HostileOutcome {
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Cases whose answer was neither 2xx nor 4xx, or none at all, with what one needs to repeat them. */
  readonly faults: readonly string[];
  /** Resident memory of the endpoint at the looks, in bytes. */
  readonly memory: readonly number[];
}

export interface HostileOptions {
  readonly url: string;
  readonly cases: number;
  readonly seed: number;
  /** Looks at the endpoint's memory, evenly over the cases. */
  readonly looks: number;
  readonly progress?: (sent: number) => void;
}

const AT_ONCE = 16;
const ANSWER_MS = 30_000;
const FAULTS_MAX = 20;
const SHOWN_BYTES = 300;

export async function sendHostile({
  url,
  cases,
  seed,
  looks,
  progress,
}: HostileOptions): Promise<HostileOutcome> {
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  const memory: number[] = [];
  const port = Number(new URL(url).port);
  const lookEvery = Math.ceil(cases / looks);
  let next = 0;

  async function one(index: number): Promise<void> {
    // A generator of its own: a case is repeated by its number, whatever came before it.
    const { kind, bytes } = hostileRequest(createRandom(seed, String(index)));
    const status = await statusOf(port, bytes);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (/^[24]\d\d$/.test(status) || faults.length >= FAULTS_MAX) return;
    faults.push(
      `case ${index} of seed ${seed} (${kind}): ${status}; ${bytes.toString('latin1', 0, SHOWN_BYTES)}`,
    );
  }
  async function sender(): Promise<void> {
    while (next < cases) {
      const index = next;
      next += 1;
      await one(index);
      if (index % lookEvery === 0) {
        memory.push(await residentBytes(url));
        progress?.(index);
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  memory.push(await residentBytes(url));
  return { statuses, faults, memory };
}

/** Of the answer; else in words what happened. */
function statusOf(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    let error = '';
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      if (answer.length < SHOWN_BYTES) answer += chunk.toString('latin1');
    });
    // Bytes that were not read when it was refused come back as a reset, after the answer.
    socket.on('error', ({ message }) => {
      error = message;
    });
    socket.on('close', () =>
      resolve(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? (error || 'closed without an answer')),
    );
  });
}

async function residentBytes(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nutrisage_resident_memory_bytes\S* (\S+)/m.exec(text)?.[1]);
}

/** By how much the last quarter of the looks lies above the second, in bytes: the first one warms up. */
export function memoryGrowth(memory: readonly number[]): number {
  const quarter = Math.floor(memory.length / 4);
  const mean = (part: readonly number[]): number => part.reduce((sum, bytes) => sum + bytes, 0) / part.length;
  return mean(memory.slice(-quarter)) - mean(memory.slice(quarter, 2 * quarter));
}
