/** `npm run demo`: two files through the whole stack on this machine, and what came out. */
import { createTerminal } from '../../producer/output/terminal.ts';
import { StackError } from '../stack/stack-error.ts';
import { type DemoOptions, readDemoOptions, USAGE } from './options.ts';
import { runDemo } from './run-demo.ts';

const { stdout, stderr } = process;

async function run(options: DemoOptions, signal: AbortSignal): Promise<void> {
  // Always the terminal for people: `--json` adds its line to the page and takes nothing away.
  const terminal = createTerminal({ stdout, stderr, json: false });
  const { result, page, faults } = await runDemo(options, terminal, signal);
  stdout.write(`\n${page}\n`);
  for (const fault of faults) stderr.write(`The demo failed: ${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
  if (options.isJson) stdout.write(`${JSON.stringify(result)}\n`);
}

/** Aborted by the first signal; the second ends the process at once. */
function firstSignal(): AbortSignal {
  const heard = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (heard.signal.aborted) process.exit(1);
      stderr.write('\nStopping the workers and the servers.\n');
      heard.abort();
    });
  }
  return heard.signal;
}

const signal = firstSignal();
try {
  const options = readDemoOptions(process.argv.slice(2));
  if (options.isHelp) stdout.write(USAGE);
  else await run(options, signal);
} catch (error) {
  process.exitCode = 1;
  if (!signal.aborted) stderr.write(`The demo failed: ${describe(error)}\n`);
}

function describe(error: unknown): string {
  if (error instanceof StackError) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}
