/** Entry of the HTTP endpoint: `node worker/endpoint-main.ts`, configured by the environment. */
import { readFileSync } from 'node:fs';
import { readEndpointConfig } from './endpoint/config.ts';
import { ConfigError } from './settings.ts';
import { stopAsked } from './stop-asked.ts';
import './tick-shape.ts';

try {
  const config = readEndpointConfig(process.env, readVersion());
  // Loaded once the signals are heard: it takes a while, in which one would kill the process.
  const { runEndpoint } = await import('./endpoint/run-endpoint.ts');
  await runEndpoint(config, stopAsked);
  process.exit(0);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // Not by `exitCode` alone: a channel to the process that forked this one would keep it alive.
  process.stderr.write(`${error.message}\n`, () => process.exit(2));
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
