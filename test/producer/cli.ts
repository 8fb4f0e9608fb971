/** Runs the command: in this process for speed, or as a child process, as a shell does. */
import { spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run } from '../../producer/main.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Text of standard input. */
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Called with each text written to stderr. */
  readonly onStderr?: (text: string) => void;
}

export const BIN = fileURLToPath(new URL('../../producer/bin/nutrisage.mjs', import.meta.url));

export async function runCli(args: readonly string[], options: CliOptions): Promise<Outcome> {
  const stdout = collector();
  const stderr = collector(options.onStderr);
  const exitCode = await run({
    arguments: args,
    environment: options.environment,
    workingDirectory: options.workingDirectory,
    stdin: Readable.from(options.stdin === undefined ? [] : [options.stdin]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: options.signal ?? new AbortController().signal,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(onText?: (text: string) => void) {
  const texts: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      texts.push(chunk.toString());
      onText?.(chunk.toString());
      done();
    },
  });
  return { stream, text: () => texts.join('') };
}

export interface ChildOptions extends CliOptions {
  /** @default the node that runs the tests */
  readonly node?: string;
  readonly bin?: string;
  /** Sent once stderr contains the text. */
  readonly interruptAt?: string;
}

export function spawnCli(args: readonly string[], options: ChildOptions): Promise<Outcome> {
  const child = spawn(options.node ?? process.execPath, [options.bin ?? BIN, ...args], {
    cwd: options.workingDirectory,
    env: { PATH: process.env['PATH'] ?? '', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let isInterrupted = false;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (isInterrupted || options.interruptAt === undefined || !stderr.includes(options.interruptAt)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
  });
}
