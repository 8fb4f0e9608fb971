/** Starts the command in this process, whose Node runs TypeScript. */
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

export async function start() {
  if (import.meta.url.includes('/node_modules/')) stripTypesOfPackages();
  const { run } = await import('../main.ts');
  const interruption = new AbortController();
  let interruptions = 0;
  const interrupt = () => {
    interruptions += 1;
    // The second Ctrl-C is meant: whatever is still being tidied up is left.
    if (interruptions > 1) process.exit(130);
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // `nutrisage jobs | head -1`: the reader has enough.
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await run({
    arguments: process.argv.slice(2),
    environment: process.env,
    workingDirectory: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interruption.signal,
  });
  process.off('SIGINT', interrupt);
  process.off('SIGTERM', interrupt);
}

/** Node refuses TypeScript below node_modules, where `npm install --global` puts the command: done here then. */
function stripTypesOfPackages() {
  const emitWarning = process.emitWarning;
  nodeModule.registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
      // The call says each time that it is experimental; it is what Node itself runs elsewhere.
      process.emitWarning = () => {};
      const source = nodeModule.stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
      process.emitWarning = emitWarning;
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
