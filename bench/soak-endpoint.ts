/**
 * `npm run soak:endpoint`: load on the endpoint, by default for ten minutes, while a model is promoted and taken back and the
 * process is restarted by SIGTERM, behind a client that tries again. Ends with 1 when a request failed that was not shed.
 * `--rate` (requests a second) and `--seconds` change it; it prints one JSON line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLocalStack } from '../local/start-local-stack.ts';
import { runModelCommand } from '../trainer/registry/model-command.ts';
import { soakEndpoint } from './soak/soak-endpoint.ts';
import { writeUsualModel } from './usual-model.ts';

const MODEL = fileURLToPath(new URL('../fixtures/model', import.meta.url));
const RETRY_SECONDS = 10;
const OTHER_ROUNDS = 40;

const { values: options } = parseArgs({
  options: { rate: { type: 'string', default: '500' }, seconds: { type: 'string', default: '600' } },
});
const folder = await mkdtemp(join(tmpdir(), 'nutrisage-soak-'));
const other = await writeUsualModel(join(folder, 'other'), MODEL, OTHER_ROUNDS);
const stack = await startLocalStack({
  directory: join(folder, 'stack'),
  port: 0,
  tablePort: 0,
  modelFolder: MODEL,
  endpointPort: 0,
});
const model = async (...argv: readonly string[]): Promise<void> => {
  const surroundings = { environment: stack.environment, workingDirectory: folder };
  const code = await runModelCommand(argv, {
    ...surroundings,
    stdout: process.stderr,
    stderr: process.stderr,
  });
  if (code !== 0) throw new Error(`npm run model -- ${argv.join(' ')} ended with ${code}.`);
};
try {
  await model('publish', other.folder);
  const { report, versions, processes } = await soakEndpoint({
    stack,
    promote: () => model('promote', other.version, '--force'),
    rollback: () => model('rollback'),
    requestsPerSecond: Number(options.rate),
    seconds: Number(options.seconds),
    retrySeconds: RETRY_SECONDS,
    folder,
  });
  const { total, reasons, clientLateMs } = report;
  process.stdout.write(`${JSON.stringify({ ...total, reasons, clientLateMs, versions, processes })}\n`);
  process.exitCode = total.ok + total.shed === total.requests ? 0 : 1;
} finally {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
}
