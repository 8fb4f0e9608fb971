/**
 * Builds and starts our images for real, by buildah in chroot isolation on a base made by debootstrap: no daemon, no registry. Both
 * are Debian packages and want root; where they can not be had, `engineFault` says why.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const SUITE = 'bookworm';
const MIRROR = 'http://deb.debian.org/debian';
const BASE = 'localhost/nutrisage-test-base';
const NODE = `localhost/nutrisage-test-node:${process.versions.node}`;
const ISOLATION = ['--isolation', 'chroot'] as const;
const STEP_MS = 240_000;

async function run(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, args, { timeout: STEP_MS, maxBuffer: 64 * 2 ** 20 });
  return stdout.trim();
}

/** Why images can not be built here, as one sentence; undefined where they can. What is missing is installed. */
export async function engineFault(): Promise<string | undefined> {
  if (process.env['NUTRISAGE_IMAGE_TEST'] === 'plain')
    return 'NUTRISAGE_IMAGE_TEST=plain asks for the plain folder alone';
  if (process.getuid?.() !== 0) return 'buildah in chroot isolation wants root';
  try {
    await run('sh', '-c', 'command -v buildah debootstrap || apt-get install -y -q buildah debootstrap');
    await makeBases();
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return `buildah or its base can not be had here (${reason.slice(0, 200)})`;
  }
}

/** Made once and kept: they hold nothing of ours. */
async function makeBases(): Promise<void> {
  if (!(await hasImage(BASE))) {
    const folder = await mkdtemp(join(tmpdir(), 'nutrisage-base-'));
    try {
      await run('debootstrap', '--variant=minbase', '--include=ca-certificates', SUITE, folder, MIRROR);
      await commit('scratch', BASE, [[folder, '/']]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  if (!(await hasImage(NODE))) await makeNodeImage();
}

/** The machine's Node and npm on the base, where the official image has them; npm asks what it asks here. */
async function makeNodeImage(): Promise<void> {
  const npm = dirname(dirname(await run('sh', '-c', 'readlink -f "$(command -v npm)"')));
  const registry = await run('npm', 'config', 'get', 'registry');
  const authorities = await run('npm', 'config', 'get', 'cafile');
  const trusted = '/etc/ssl/certs/ca-certificates.crt';
  await commit(
    BASE,
    NODE,
    [
      [process.execPath, '/usr/local/bin/node'],
      [npm, '/usr/local/lib/node_modules/npm'],
      ...(authorities === 'null' ? [] : [[authorities, trusted] as const]),
    ],
    {
      environment: {
        NPM_CONFIG_REGISTRY: registry,
        ...(authorities === 'null' ? {} : { NPM_CONFIG_CAFILE: trusted }),
      },
      command: ['ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm'],
    },
  );
}

interface CommitOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

async function commit(
  from: string,
  image: string,
  copies: readonly (readonly [from: string, to: string])[],
  { environment = {}, command = [] }: CommitOptions = {},
): Promise<void> {
  const container = await run('buildah', 'from', ...ISOLATION, '--pull-never', from);
  try {
    for (const [source, target] of copies) await run('buildah', 'add', '--quiet', container, source, target);
    if (command.length > 0) await run('buildah', 'run', ...ISOLATION, container, '--', ...command);
    for (const [name, value] of Object.entries(environment)) {
      await run('buildah', 'config', '--env', `${name}=${value}`, container);
    }
    await run('buildah', 'commit', '--quiet', container, image);
  } finally {
    await run('buildah', 'rm', container);
  }
}

async function hasImage(image: string): Promise<boolean> {
  return run('buildah', 'inspect', '--type', 'image', '--format', '{{.FromImage}}', image).then(
    () => true,
    () => false,
  );
}

/** Builds one of our Dockerfiles of the project's folder. */
export async function buildImage(root: string, dockerfile: string, image: string): Promise<void> {
  const engine = [...ISOLATION, '--pull-never', '--network', 'host', '--format', 'docker', '--quiet'];
  const bases = ['--build-arg', `NODE_IMAGE=${NODE}`, '--build-arg', `BASE_IMAGE=${BASE}`];
  const sources = ['--ignorefile', join(root, '.dockerignore'), '-f', join(root, dockerfile)];
  try {
    await run('buildah', 'bud', ...engine, ...bases, ...sources, '-t', image, root);
  } finally {
    await removeStages();
  }
}

/** The engine keeps the containers of stages; told not to, it takes the image that a stage began with, too. */
async function removeStages(): Promise<void> {
  const listed = await run(
    'buildah',
    'containers',
    '--noheading',
    '--format',
    '{{.ContainerID}} {{.ImageName}}',
  );
  const left = listed.split('\n').filter((line) => line.endsWith(` ${NODE}`));
  for (const line of left) await run('buildah', 'rm', line.split(' ')[0] ?? '');
}

export interface ImageConfig {
  readonly User: string;
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

export async function imageConfig(image: string): Promise<ImageConfig> {
  const inspected = JSON.parse(await run('buildah', 'inspect', '--type', 'image', image)) as {
    readonly Docker: { readonly config: ImageConfig };
  };
  return inspected.Docker.config;
}

export interface Container {
  /** Runs a command in it, to its end. */
  run(...command: readonly string[]): Promise<string>;
  /** Starts the image's own command, or another; its output is inherited. */
  start(environment: Readonly<Record<string, string>>, command: readonly string[]): ChildProcess;
  remove(): Promise<void>;
}

export async function createContainer(image: string): Promise<Container> {
  const name = await run('buildah', 'from', ...ISOLATION, '--pull-never', image);
  return {
    run: (...command) => run('buildah', 'run', ...ISOLATION, name, '--', ...command),
    start(environment, command) {
      const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
      return spawn('buildah', ['run', ...ISOLATION, ...variables, name, '--', ...command], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    },
    remove: async () => void (await run('buildah', 'rm', name)),
  };
}

export async function removeImage(image: string): Promise<void> {
  await run('buildah', 'rmi', '--force', image);
}
