/** Entry of the batch worker: `node worker/main.ts`, configured by the environment. */
import { availableParallelism } from 'node:os';
import { readConfig } from './config.ts';
import { ConfigError } from './settings.ts';
import { stopAsked } from './stop-asked.ts';
import './tick-shape.ts';

try {
  const config = readConfig(process.env, availableParallelism());
  // Loaded once the signals are heard: it takes 400 ms, in which one would kill the process.
  const { runWorker } = await import('./run-worker.ts');
  await runWorker(config, stopAsked);
  process.exit(0);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // Not by `exitCode` alone: a channel to the process that forked this one would keep it alive.
  process.stderr.write(`${error.message}\n`, () => process.exit(2));
}
