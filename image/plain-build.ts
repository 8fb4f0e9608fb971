/**
 * Executes a Dockerfile of ours in a plain folder: the same steps as an image's build, where there is no container engine. What is
 * about the system, before any WORKDIR, is left out: the machine is the system.
 *
 *     npm run image -- worker --out build/worker
 */
import { execFileSync, type StdioOptions } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BuildStage, readCommand, readEnvironment, readStages } from './dockerfile.ts';
import { bytesOf } from './trim.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NODE = '/usr/local/bin/node';

export interface PlainBuild {
  /** Stands for `/`. */
  readonly folder: string;
  /** Where the program is started. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly health: readonly string[] | undefined;
  /** User and group that it runs as. */
  readonly user: string;
}

/**
 * @param program `worker` or `trainer`, whose Dockerfile lies beside.
 * @param out replaced when it is there.
 */
export function plainBuild(program: string, out: string): PlainBuild {
  const dockerfile = join(ROOT, 'image', `${program}.Dockerfile`);
  if (!existsSync(dockerfile)) throw new Error(`There is no ${dockerfile}.`);
  rmSync(out, { recursive: true, force: true });
  const builds = new Map<string, PlainBuild>();
  for (const stage of readStages(readFileSync(dockerfile, 'utf8'))) {
    builds.set(stage.name, buildStage(stage, join(out, stage.name), builds));
  }
  const last = [...builds.values()].at(-1);
  if (last === undefined) throw new Error(`${dockerfile} has no stage.`);
  return last;
}

function buildStage(
  { from, instructions }: BuildStage,
  folder: string,
  earlier: ReadonlyMap<string, PlainBuild>,
): PlainBuild {
  mkdirSync(folder, { recursive: true });
  // The one thing that a Node image is asked for.
  if (/\bnode:/.test(from)) copyNode(folder);
  let build: PlainBuild = {
    folder,
    workingDirectory: folder,
    environment: {},
    command: [],
    health: undefined,
    user: '0:0',
  };
  let isBelowWorkdir = false;
  for (const { keyword, text } of instructions) {
    switch (keyword) {
      case 'WORKDIR':
        build = { ...build, workingDirectory: join(folder, text) };
        isBelowWorkdir = true;
        mkdirSync(build.workingDirectory, { recursive: true });
        break;
      case 'COPY':
        copy(text, build, earlier);
        break;
      case 'RUN':
        if (isBelowWorkdir) execFileSync('sh', ['-c', text], runOptions(build));
        break;
      case 'ENV':
        build = { ...build, environment: { ...build.environment, ...readEnvironment(text) } };
        break;
      case 'USER':
        build = { ...build, user: text };
        break;
      case 'CMD':
        build = { ...build, command: readCommand(text) };
        break;
      case 'HEALTHCHECK':
        build = { ...build, health: readCommand(text) };
        break;
      default:
      // EXPOSE and VOLUME say something to an engine, and do nothing.
    }
  }
  return build;
}

function copyNode(folder: string): void {
  mkdirSync(join(folder, dirname(NODE)), { recursive: true });
  copyFileSync(process.execPath, join(folder, NODE));
  chmodSync(join(folder, NODE), 0o755);
}

/** The machine's npm, with the Node that runs this. */
function runOptions({ folder, workingDirectory }: PlainBuild) {
  const path = [join(folder, dirname(NODE)), process.env['PATH']].join(':');
  return {
    cwd: workingDirectory,
    // What the project's own install has fetched need not be fetched again.
    env: { ...process.env, PATH: path, npm_config_prefer_offline: 'true' },
    stdio: ['ignore', 'ignore', 'inherit'] satisfies StdioOptions,
  };
}

/** `COPY [--from=stage] source… target`: several sources go into the target. */
function copy(text: string, build: PlainBuild, earlier: ReadonlyMap<string, PlainBuild>): void {
  const words = text.split(/\s+/);
  const stage = words[0]?.startsWith('--from=') === true ? words.shift()?.slice('--from='.length) : undefined;
  const from = stage === undefined ? ROOT : earlier.get(stage)?.folder;
  const target = words.pop();
  if (from === undefined || target === undefined) throw new Error(`"COPY ${text}" copies nothing.`);
  const into = target.startsWith('/') ? join(build.folder, target) : join(build.workingDirectory, target);
  for (const source of words) {
    const path = words.length > 1 ? join(into, basename(source)) : into;
    mkdirSync(dirname(path), { recursive: true });
    cpSync(join(from, source), path, { recursive: true });
  }
}

function describe({ folder }: PlainBuild): string {
  const parts = { node: join(folder, NODE), modules: join(folder, 'app/node_modules'), all: folder };
  const sizes = Object.entries(parts).map(([name, path]) => [name, bytesOf(path)] as const);
  return sizes
    .map(([name, bytes]) => `${name.padEnd(8)}${(bytes / 1e6).toFixed(1).padStart(7)} MB`)
    .join('\n');
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
  const [program = 'worker'] = positionals;
  const build = plainBuild(program, values.out ?? join(ROOT, 'build', program));
  process.stdout.write(
    `${describe(build)}\nStart it in ${build.workingDirectory}: ${build.command.join(' ')}\n`,
  );
}
