/** `nutrisage`: reads the command line, settles the configuration, runs one command, ends with its exit code. */
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Command, CommanderError } from 'commander';
import { ENVIRONMENT, EXIT_CODES } from '../schemas/names.ts';
import { CommandError, reportError } from './command-error.ts';
import type { CommandContext, CommandResult } from './commands/command.ts';
import { type Environment, findStack, settleConfiguration } from './configuration.ts';
import { createTerminal, type OutputStream, type Terminal } from './output/terminal.ts';
import { createProgram } from './program.ts';

export interface Invocation {
  /** Without the names of node and of the script. */
  readonly arguments: readonly string[];
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly stdin: Readable;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a shell shows of a program that Ctrl-C ended. */
const INTERRUPTED_EXIT_CODE = 130;

/** Runs one invocation; the exit code. Never throws. */
export async function run(invocation: Invocation): Promise<number> {
  const { stdout, stderr } = invocation;
  // Asked of the words themselves: an error in the command line must already be JSON.
  const json = invocation.arguments.includes('--json');
  const terminal = createTerminal({ stdout, stderr, json });
  let exitCode: number = EXIT_CODES.ok;
  const program = createProgram(
    readVersion(),
    async (command) => {
      exitCode = await execute(command, invocation, terminal);
    },
    async (command) => {
      const { environment, workingDirectory, stdin, signal } = invocation;
      const { paint, progress } = terminal;
      const result = await command({ environment, workingDirectory, stdin, signal, paint, progress });
      terminal.result(result);
      exitCode = result.exitCode;
    },
  );
  try {
    await speakThrough(program, invocation, json).parseAsync([...invocation.arguments], { from: 'user' });
    return exitCode;
  } catch (error) {
    return failed(error, terminal, invocation);
  }
}

async function execute(
  command: (context: CommandContext) => Promise<CommandResult>,
  invocation: Invocation,
  terminal: Terminal,
): Promise<number> {
  const { environment, workingDirectory, signal } = invocation;
  const stack = await findStack(environment, workingDirectory);
  const configuration = settleConfiguration(environment, stack);
  // Loaded late: the AWS clients take longer to load than `--help` should take to print.
  const { openAwsServices } = await import('./adapters/aws-services.ts');
  const services = openAwsServices(configuration);
  const { paint, progress } = terminal;
  try {
    const result = await command({ services, paint, progress, signal });
    terminal.result(result);
    return result.exitCode;
  } finally {
    services.close();
  }
}

/** Help and version on our streams; commander's errors as exceptions, not printed and not ending the process. */
function speakThrough(program: Command, { stdout, stderr }: Invocation, json: boolean): Command {
  const settings = {
    writeOut: (text: string) => void stdout.write(text),
    // Only the help of a bare `nutrisage` comes this way: errors are taken from the exception.
    writeErr: (text: string) => void (json || stderr.write(text)),
    outputError: () => {},
  };
  const settle = (command: Command): void => {
    command.exitOverride().configureOutput(settings);
    command.commands.forEach(settle);
  };
  settle(program);
  return program;
}

function failed(error: unknown, terminal: Terminal, { signal, environment }: Invocation): number {
  if (error instanceof CommanderError) return misused(error, terminal);
  if (signal.aborted) {
    const { message } = error as Error;
    const line = isWaitInterrupted(error)
      ? message
      : 'Stopped. What was uploaded stays and is not uploaded again; nothing else was begun.';
    terminal.notice(line, { interrupted: true, message: line });
    return INTERRUPTED_EXIT_CODE;
  }
  const report = reportError(error);
  terminal.error(report);
  const isTraced = report.code === 'unexpected' && environment[ENVIRONMENT.logLevel] === 'debug';
  if (isTraced) terminal.trace(error);
  return report.exitCode;
}

function misused(error: CommanderError, terminal: Terminal): number {
  // Help and version were printed; commander tells so by an error of exit code 0.
  if (error.exitCode === 0) return EXIT_CODES.ok;
  const isBareCommand = error.code === 'commander.help';
  const cause = isBareCommand ? 'no command is given' : error.message.replace(/^error: /, '');
  const remedy = '`nutrisage --help` lists the commands; `nutrisage <command> --help` tells more.';
  terminal.error(reportError(new CommandError('usage', cause, remedy)));
  return EXIT_CODES.usage;
}

function isWaitInterrupted(error: unknown): boolean {
  return error instanceof Error && error.name === 'WaitInterrupted';
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
