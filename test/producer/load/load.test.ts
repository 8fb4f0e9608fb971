/** `nutrisage load` against the endpoint’s own application. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeItems } from '../../../producer/load/load-bodies.ts';
import type { LoadReport } from '../../../producer/load/load-report.ts';
import { GradeListResponse } from '../../../schemas/http.ts';
import { ENVIRONMENT } from '../../../schemas/names.ts';
import { createParser } from '../../../schemas/parse.ts';
import { type Served, serve } from '../../worker/endpoint/http/serve.ts';
import { IMPOSSIBLE, SPREAD } from '../../worker/endpoint/products.ts';
import { runCli } from '../cli.ts';

let served: Served;
let folder: string;
let isOverloaded = false;
beforeAll(async () => {
  served = await serve({ ports: { isOverloaded: () => isOverloaded } });
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-load-'));
  const phases = [
    { seconds: 10, requestsPerSecond: 40 },
    { seconds: 10, requestsPerSecond: 80 },
  ];
  await writeFile(join(folder, 'schedule.json'), JSON.stringify({ phases }));
});
afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

const load = (...args: string[]) =>
  runCli(['load', ...args], {
    environment: { [ENVIRONMENT.endpointUrl]: served.url },
    workingDirectory: folder,
  });

describe('nutrisage load', () => {
  it('asks by the schedule, tells latencies by phase, and draws them', async () => {
    const { exitCode, stdout } = await load(
      ...['--schedule', 'schedule.json', '--speed', '20', '--figure', 'load.svg', '--json'],
    );
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout) as LoadReport;
    expect(report.isWhole).toBe(true);
    expect(report.phases.map(({ requests, ok }) => [requests, ok])).toEqual([
      [20, 20],
      [40, 40],
    ]);
    expect(report.total.latencyMs?.p50).toBeGreaterThan(0);
    expect(report.slices).toHaveLength(4);
    const svg = await readFile(join(folder, 'load.svg'), 'utf8');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain('60 of 60 were answered with a grade');
    expect(svg).toContain('99 of 100 within');
  });

  it('says in words what was shed, and ends with 0 since that is no failure', async () => {
    await writeFile(join(folder, 'one.json'), JSON.stringify([SPREAD]));
    const ended = setTimeout(() => {
      isOverloaded = true;
    }, 500);
    const { exitCode, stdout } = await load(
      '--schedule',
      'schedule.json',
      '--speed',
      '10',
      '--items',
      'one.json',
    );
    clearTimeout(ended);
    isOverloaded = false;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /seconds +asked\/s +requests +ok +shed +refused +failed +p50 ms +p90 +p99 +p99.9 +max\n/,
    );
    expect(stdout).toMatch(/\nNot ok: 503 \(\d+\)/);
  });

  it('ends with 1 where an item is refused or nobody answers', async () => {
    await writeFile(join(folder, 'bad.json'), JSON.stringify([SPREAD, IMPOSSIBLE]));
    const refused = await load('--schedule', 'schedule.json', '--speed', '50', '--items', 'bad.json');
    expect([refused.exitCode, refused.stdout.includes('422 (')]).toEqual([1, true]);
    const nobody = await load(
      '--schedule',
      'schedule.json',
      '--speed',
      '50',
      '--endpoint',
      'http://127.0.0.1:9',
    );
    expect([nobody.exitCode, nobody.stdout.includes('ECONNREFUSED (')]).toEqual([1, true]);
  });

  it.each([
    ['{', 'is no schedule'],
    ['{"phases":[]}', 'is no schedule'],
    ['{"phases":[{"seconds":0,"requestsPerSecond":1}]}', 'is no schedule'],
  ])('refuses the schedule %s', async (text, message) => {
    await writeFile(join(folder, 'bad-schedule.json'), text);
    const { exitCode, stderr } = await load('--schedule', 'bad-schedule.json');
    expect([exitCode, stderr.includes(message)], stderr).toEqual([2, true]);
  });

  it('refuses items that are no list, and files that are not there', async () => {
    await writeFile(join(folder, 'item.json'), '{"sugars":3}');
    expect((await load('--items', 'item.json')).stderr).toContain('item.json has no list of items');
    expect((await load('--items', 'none.json')).stderr).toContain('none.json can not be read');
    expect((await load('--speed', '0')).exitCode).toBe(2);
  });

  it('asks with items that are all graded, where none are given', async () => {
    const answer = await served.post(madeItems());
    const { items } = createParser('answer', GradeListResponse).parse(await answer.json());
    expect(items.filter(({ outcome }) => outcome !== 'graded')).toEqual([]);
    expect(new Set(items.map((item) => (item.outcome === 'graded' ? item.grade : '')))).not.toHaveLength(1);
  });
});
