/** A process that owns a fleet in the folder of its first argument, until it is killed. */
import { fileURLToPath } from 'node:url';
import { startFleet } from '../../../local/fleet/fleet.ts';

const fleet = await startFleet({
  workers: 1,
  directory: process.argv[2] ?? '',
  entry: fileURLToPath(new URL('./scripted-worker.ts', import.meta.url)),
  environment: { SCRIPT: 'serve' },
});
process.send?.([...fleet.pids]);
