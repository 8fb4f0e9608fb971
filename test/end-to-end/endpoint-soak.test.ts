/** A share of `npm run soak:endpoint`, which goes on for ten minutes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { soakEndpoint } from '../../bench/soak/soak-endpoint.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import { runModel } from '../trainer/registry/command.ts';
import { type Desk, openDesk } from './harness.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({
    workers: 0,
    endpointPort: 0,
    endpointEnvironment: { [ENVIRONMENT.drainSeconds]: '1' },
  });
});
afterAll(() => desk.close());

it('no request fails while a model is promoted, taken back, and the process is restarted', async () => {
  const model = async (...argv: readonly string[]): Promise<void> => {
    expect(await runModel(argv, desk.folder, desk.stack.environment)).toMatchObject({ code: 0 });
  };
  const other = await writeTinyModel(join(desk.folder, 'other'), { sugarsStep: 4 });
  await model('publish', 'other');
  const { report, versions, processes } = await soakEndpoint({
    stack: desk.stack,
    promote: () => model('promote', other, '--force'),
    rollback: () => model('rollback'),
    requestsPerSecond: 200,
    seconds: 170,
    isShort: true,
    retrySeconds: 30,
    folder: desk.folder,
  });
  const { total, reasons } = report;
  expect(total.failed + total.refused, JSON.stringify(reasons)).toBe(0);
  expect(total.ok).toBeGreaterThan(1000);
  expect(total.ok + total.shed).toBe(total.requests);
  const [first] = versions;
  expect(versions).toEqual([first, other, first, first]);
  expect(processes[1]).not.toBe(processes[0]);

  const lines = readFileSync(desk.stack.endpoint?.logFile ?? '', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.some(({ msg }) => msg === 'endpoint stops')).toBe(true);
  expect(lines.some(({ msg }) => msg === 'endpoint stopped')).toBe(true);
  // 50 is a worse fault than a warning.
  expect(lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
