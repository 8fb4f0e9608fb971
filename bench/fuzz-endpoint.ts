/**
 * `npm run fuzz:endpoint`: 50,000 hostile requests to the endpoint with the shipped model, `--cases` and `--seed` for others. Ends
 * with 1 where an answer was neither 2xx nor 4xx, memory grew, or the process died. `--json` prints one JSON line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLocalStack } from '../local/start-local-stack.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { memoryGrowth, sendHostile } from './fuzz/send-hostile.ts';

const MODEL = fileURLToPath(new URL('../fixtures/model', import.meta.url));
const LOOKS = 40;
const GROWTH_BYTES_MAX = 48 * 2 ** 20;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    cases: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
  },
});
const [cases, seed] = [Number(options.cases), Number(options.seed)];
const directory = await mkdtemp(join(tmpdir(), 'nutrisage-fuzz-'));
const stack = await startLocalStack({
  directory,
  port: 0,
  tablePort: 0,
  modelFolder: MODEL,
  endpointPort: 0,
  endpointEnvironment: {
    // Lengths that are a lie are waited for so long.
    [ENVIRONMENT.requestSeconds]: '2',
    // Shedding is not what is looked for here.
    [ENVIRONMENT.waitMsMax]: '60000',
    [ENVIRONMENT.logLevel]: 'error',
  },
});
try {
  const { endpoint } = stack;
  const pid = endpoint?.pid;
  const { statuses, faults, memory } = await sendHostile({
    url: endpoint?.address ?? '',
    cases,
    seed,
    looks: LOOKS,
    progress: (sent) => void process.stderr.write(`\r${sent} of ${cases}`),
  });
  process.stderr.write('\r');
  const grownBytes = memoryGrowth(memory);
  const isAlive = endpoint?.pid === pid;
  const isGood = faults.length === 0 && grownBytes < GROWTH_BYTES_MAX && isAlive;
  const result = { cases, seed, statuses, faults, memoryMaxBytes: Math.max(...memory), grownBytes, isAlive };
  process.stdout.write(`${JSON.stringify(result, null, options.json ? 0 : 2)}\n`);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
