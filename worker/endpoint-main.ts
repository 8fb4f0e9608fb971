/** Entry of the HTTP endpoint: `node worker/endpoint-main.ts`, configured by the environment. */
import packageFile from '../package.json' with { type: 'json' };
import { readEndpointConfig } from './endpoint/config.ts';
import { ConfigError } from './settings.ts';
import { stopAsked } from './stop-asked.ts';

try {
  const config = readEndpointConfig(process.env, packageFile.version);
  // Loaded once the signals are heard: it takes a while, in which one would kill the process.
  const { runEndpoint } = await import('./endpoint/run-endpoint.ts');
  await runEndpoint(config, stopAsked);
  process.exit(0);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
