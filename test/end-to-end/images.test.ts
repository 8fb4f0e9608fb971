/**
 * What lies in the images, started: built in a plain folder by the Dockerfiles' own steps, and, where buildah can run, as real
 * images. Each grades a file against the embedded stack, as a user without rights, and stops on SIGTERM.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ENDPOINT_PROGRAM,
  healthCommand,
  IMAGE_ENVIRONMENT,
  TRAINER_COMMAND,
  TRAINER_ENVIRONMENT,
  WORKER_COMMAND,
  WORKER_PROGRAM,
} from '../../cdk/programs.ts';
import { type PlainBuild, plainBuild } from '../../image/plain-build.ts';
import { bytesOf } from '../../image/trim.ts';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { freePort } from '../../local/stack/free-port.ts';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import {
  buildImage,
  type Container,
  createContainer,
  engineFault,
  imageConfig,
  removeImage,
} from '../support/container-engine.ts';
import { type Desk, openDesk } from './harness.ts';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What the images have for a user; as root the tests run programs as it. */
const USER_ID = 1000;
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? { uid: USER_ID, gid: USER_ID } : {};

/** A file in the inbox becomes grades, by whoever takes work from the desk's queue. */
async function gradesAFile(desk: Desk, name: string): Promise<void> {
  const catalogue = join(desk.folder, `${name}.parquet`);
  await writeMadeCatalogue(catalogue, { rows: 500, seed: 3, shape: 'flat' });
  await desk.drop(`inbox/${name}.parquet`, readFileSync(catalogue));
  const { state, rows } = await desk.closedJob(`inbox/${name}.parquet`, 90_000);
  expect({ state, rows }).toEqual({ state: 'succeeded', rows: 500 });
}

/** Ends with its own exit code, as ECS would have it end. */
async function stopsInOrder(child: ChildProcess, pid: number | undefined = child.pid): Promise<void> {
  const ended = once(child, 'exit');
  process.kill(pid ?? 0, 'SIGTERM');
  expect(await ended).toEqual([0, null]);
}

describe('the image of worker and endpoint, in a plain folder', () => {
  let desk: Desk;
  let build: PlainBuild;

  beforeAll(async () => {
    desk = await openDesk({ workers: 0 });
    build = plainBuild('worker', join(desk.folder, 'image'));
    // The desk's folder is its owner's alone; the image's user reads what is below.
    chmodSync(desk.folder, 0o755);
  }, 240_000);
  afterAll(() => desk.close());

  const start = (environment: Readonly<Record<string, string>>, ...args: string[]): ChildProcess =>
    spawn(join(build.folder, 'usr/local/bin/node'), args, {
      cwd: build.workingDirectory,
      env: { ...build.environment, ...desk.stack.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...asUser,
    });
  const isHealthy = (url: string): Promise<boolean> =>
    execute(join(build.folder, 'usr/local/bin/node'), ['image/healthy.mjs', url], {
      cwd: build.workingDirectory,
    }).then(
      () => true,
      () => false,
    );

  it('says what the template starts, asks and sets', () => {
    expect(build.command).toEqual(WORKER_COMMAND);
    expect(['CMD', ...(build.health ?? [])]).toEqual(healthCommand(WORKER_PROGRAM, ENDPOINT_PROGRAM));
    expect(build.environment).toMatchObject(IMAGE_ENVIRONMENT);
    expect(build.environment[ENVIRONMENT.metricsPort]).toBe(String(WORKER_PROGRAM.port));
    expect(build.user).toBe(`${USER_ID}:${USER_ID}`);
  });

  it('has the native files of this platform alone, and no package that only others need', () => {
    const modules = join(build.workingDirectory, 'node_modules');
    const natives = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(node|so(\.\d+)*|dll|dylib)$/.test(path),
    );
    expect(natives.toSorted()).toEqual(
      ['libonnxruntime.so.1', 'onnxruntime_binding.node'].map(
        (name) => `onnxruntime-node/bin/napi-v6/linux/${process.arch}/${name}`,
      ),
    );
    for (const absent of ['@duckdb', 'koffi', 'echarts', 'commander', 'vitest', 'aws-cdk-lib', 'typescript'])
      expect(existsSync(join(modules, absent)), absent).toBe(false);
    expect(readdirSync(build.workingDirectory)).not.toContain('trainer');
  });

  it('is small: packages of at most 70 MB, all in all at most 210 MB above the base', () => {
    expect(bytesOf(join(build.workingDirectory, 'node_modules'))).toBeLessThan(70e6);
    expect(bytesOf(build.folder)).toBeLessThan(210e6);
  });

  it('grades a file, is healthy meanwhile, and stops on SIGTERM', async () => {
    const port = await freePort();
    const worker = start(
      { [ENVIRONMENT.metricsPort]: String(port), [ENVIRONMENT.threads]: '1' },
      ...WORKER_COMMAND.slice(1),
    );
    try {
      await gradesAFile(desk, 'plain');
      expect(await isHealthy(`http://127.0.0.1:${port}${WORKER_PROGRAM.livePath}`)).toBe(true);
      await stopsInOrder(worker);
      expect(await isHealthy(`http://127.0.0.1:${port}${WORKER_PROGRAM.livePath}`)).toBe(false);
    } finally {
      worker.kill('SIGKILL');
    }
  }, 120_000);

  it('serves the endpoint, ready with a model, until SIGTERM', async () => {
    const port = await freePort();
    const endpoint = start({ [ENVIRONMENT.endpointPort]: String(port) }, ENDPOINT_PROGRAM.entry);
    try {
      const ready = `http://127.0.0.1:${port}${ENDPOINT_PROGRAM.readyPath}`;
      await expect.poll(() => isHealthy(ready), { timeout: 60_000, interval: 500 }).toBe(true);
      // What is asked of a deployment; on loopback no key is looked at.
      const smoke = await execute(join(ROOT, '.github/smoke-test.sh'), [`http://127.0.0.1:${port}`], {
        env: { PATH: process.env['PATH'], SMOKE_API_KEY: 'none' },
      });
      expect(smoke.stdout).toContain('it grades');
      await stopsInOrder(endpoint);
    } finally {
      endpoint.kill('SIGKILL');
    }
  }, 120_000);

  it('names the program and the reason when it is not configured', async () => {
    const { PATH = '' } = process.env;
    const worker = spawn(join(build.folder, 'usr/local/bin/node'), [WORKER_PROGRAM.entry], {
      cwd: build.workingDirectory,
      env: { PATH },
      ...asUser,
    });
    expect(await once(worker, 'exit')).toEqual([2, null]);
  });
});

describe('the image of the trainer, in a plain folder', () => {
  let desk: Desk;
  let build: PlainBuild;

  beforeAll(async () => {
    desk = await openDesk({ workers: 0 });
    build = plainBuild('trainer', join(desk.folder, 'image'));
    chmodSync(desk.folder, 0o755);
  }, 240_000);
  afterAll(() => desk.close());

  it('says what the template starts and sets', () => {
    expect(build.command).toEqual(TRAINER_COMMAND);
    expect(build.environment).toMatchObject(IMAGE_ENVIRONMENT);
    expect(build.user).toBe(`${USER_ID}:${USER_ID}`);
  });

  it('trains on an export, publishes, and makes the model current', async () => {
    const source = join(desk.folder, 'export.parquet');
    await writeMadeCatalogue(source, { rows: 4000, seed: 11, shape: 'nested' });
    const [command = '', ...args] = build.command;
    const { stdout } = await execute(command, args, {
      cwd: build.workingDirectory,
      env: {
        ...build.environment,
        ...desk.stack.environment,
        PATH: `${join(build.folder, 'usr/local/bin')}:${process.env['PATH']}`,
        [TRAINER_ENVIRONMENT.sources]: source,
        [TRAINER_ENVIRONMENT.folder]: join(desk.folder, 'work'),
        [TRAINER_ENVIRONMENT.promote]: 'yes',
        [TRAINER_ENVIRONMENT.options]: '--copies 1 --held-out 0.2 --num-boost-round 20 --threads 1',
      },
      maxBuffer: 64 * 2 ** 20,
    });
    const { version } = JSON.parse(readFileSync(join(desk.folder, 'work/model/manifest.json'), 'utf8'));
    expect(stdout).toContain(version);
    const pointer = await desk.clients.s3.send(
      new GetObjectCommand({ Bucket: RESOURCES.modelBucket, Key: 'models/current.json' }),
    );
    expect(JSON.parse((await pointer.Body?.transformToString()) ?? '')).toMatchObject({ version });
    // Figures were drawn by what is left of the charting library.
    expect(readFileSync(join(desk.folder, 'work/model/report.html'), 'utf8')).toContain('<svg');
  }, 180_000);

  it('says which setting is missing', async () => {
    const [command = '', ...args] = build.command;
    const failure = await execute(command, args, {
      cwd: build.workingDirectory,
      env: { PATH: process.env['PATH'] },
    }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stderr: expect.stringContaining(TRAINER_ENVIRONMENT.sources) });
  });
});

describe('the image of worker and endpoint, as an image', () => {
  const image = `localhost/nutrisage-test-worker:${process.pid}`;
  let desk: Desk;
  let container: Container | undefined;
  let fault: string | undefined;

  beforeAll(async () => {
    fault = await engineFault();
    if (fault !== undefined) return;
    desk = await openDesk({ workers: 0 });
    await buildImage(ROOT, 'image/worker.Dockerfile', image);
    container = await createContainer(image);
  }, 300_000);
  afterAll(async () => {
    await container?.remove();
    if (container !== undefined) await removeImage(image);
    await desk?.close();
  });

  it('starts the worker as a user without rights', async ({ skip }) => {
    if (fault !== undefined) skip(`no image is built: ${fault}`);
    const config = await imageConfig(image);
    expect(config).toMatchObject({
      User: `${USER_ID}:${USER_ID}`,
      Cmd: WORKER_COMMAND,
      WorkingDir: '/app',
    });
    expect(config.Healthcheck?.Test).toEqual(healthCommand(WORKER_PROGRAM, ENDPOINT_PROGRAM));
    for (const [name, value] of Object.entries(IMAGE_ENVIRONMENT))
      expect(config.Env).toContain(`${name}=${value}`);
    expect(await container?.run('id', '-u')).toBe(String(USER_ID));
    // Nothing of its own may be written, so that a read-only root takes nothing from it.
    await expect(container?.run('sh', '-c', 'touch /app/x || touch /usr/local/bin/x')).rejects.toThrow(
      'Permission denied',
    );
  }, 60_000);

  it('grades a file, and stops on SIGTERM', async ({ skip }) => {
    if (fault !== undefined || container === undefined) return skip(`no image is built: ${fault}`);
    const port = await freePort();
    const { Cmd } = await imageConfig(image);
    const worker = container.start(
      { ...desk.stack.environment, [ENVIRONMENT.metricsPort]: String(port), [ENVIRONMENT.threads]: '1' },
      Cmd,
    );
    try {
      await gradesAFile(desk, 'image');
      await container.run('node', 'image/healthy.mjs', `http://127.0.0.1:${port}${WORKER_PROGRAM.livePath}`);
      await stopsInOrder(worker, programOf(worker, WORKER_PROGRAM.entry));
    } finally {
      worker.kill('SIGKILL');
    }
  }, 150_000);
});

/** The program itself among what the engine has started, as it is seen from outside: the engine passes no signal on. */
function programOf(engine: ChildProcess, entry: string): number {
  const parents = new Map<number, number>();
  const programs: number[] = [];
  for (const process of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, parent = '0'] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${process}/status`, 'utf8')) ?? [];
      parents.set(Number(process), Number(parent));
      const words = readFileSync(`/proc/${process}/cmdline`, 'utf8').split('\0');
      if (/(^|\/)node$/.test(words[0] ?? '') && words.includes(entry)) programs.push(Number(process));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelowEngine = (pid: number): boolean =>
    pid === engine.pid || (pid > 1 && isBelowEngine(parents.get(pid) ?? 0));
  const found = programs.filter(isBelowEngine);
  expect(found).toHaveLength(1);
  return found[0] ?? 0;
}
