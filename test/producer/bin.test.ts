/** The installed command: which Node runs it, and from where. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMAND_ERROR_CODES } from '../../producer/command-error.ts';
import { createProgram } from '../../producer/program.ts';
import { BIN, spawnCli } from './cli.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const folder = mkdtempSync(join(tmpdir(), 'nutrisage-bin-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const child = (args: readonly string[], options: { node?: string; bin?: string } = {}) =>
  spawnCli(args, { environment: {}, workingDirectory: folder, ...options });

/** A Node of the machine that runs no TypeScript, when there is one. */
function oldNode(): string | undefined {
  return ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
    const { stdout } = spawnSync(path, ['--print', 'process.features.typescript ?? "none"'], {
      encoding: 'utf8',
    });
    return stdout?.trim() === 'none' || stdout?.trim() === 'false';
  });
}

describe('the installed command', () => {
  it('prints its version', async () => {
    expect(await child(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints help with examples for itself and for each command', async () => {
    const { stdout } = await child(['--help']);
    expect(stdout).toContain('nutrisage submit products.parquet --wait');
    const help = await child(['submit', '--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('--mapping columns.json');
  });

  it('prints the help to stderr when it is given nothing to do', async () => {
    const { exitCode, stdout, stderr } = await child([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: nutrisage');
  });

  it('ends with its exit code and one line on stderr', async () => {
    const { exitCode, stdout, stderr } = await child(['status', 'x']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it.skipIf(oldNode() === undefined)('hands over to a newer Node when the machine’s is too old', async () => {
    const node = oldNode() ?? '';
    expect(await child(['--version'], { node })).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
    expect(await child(['status', 'x'], { node })).toMatchObject({ exitCode: 2 });
  });

  it.skipIf(oldNode() === undefined)('says what to install when there is no newer Node', async () => {
    const bin = join(folder, 'nutrisage.mjs');
    cpSync(BIN, bin);
    const { exitCode, stderr } = await child(['--version'], { node: oldNode() ?? '', bin });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^nutrisage: it needs Node\.js 22\.18 or later, and this is .* npm install node@24\n$/,
    );
  });

  it('runs from below node_modules, where Node strips no types by itself', async () => {
    const installed = join(folder, 'node_modules', 'nutrisage');
    mkdirSync(installed, { recursive: true });
    for (const part of ['producer', 'core', 'schemas', 'package.json']) {
      cpSync(join(ROOT, part), join(installed, part), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
    const bin = join(installed, 'producer/bin/nutrisage.mjs');
    expect(await child(['--version'], { bin })).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
    const { stderr } = await child(['jobs'], { bin });
    expect(stderr).toMatch(/^nutrisage: no local stack runs here/);
  });
});

describe('docs/cli.md', () => {
  const page = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');

  it('has every command with every option', () => {
    const leaves = createProgram(
      version,
      async () => {},
      async () => {},
    ).commands.flatMap((command) => (command.commands.length === 0 ? [command] : command.commands));
    for (const command of leaves) {
      const path = command.parent?.name() === 'dlq' ? `dlq ${command.name()}` : command.name();
      expect(page).toContain(`nutrisage ${path}`);
      for (const { long } of command.options) expect(page, `${path} ${long}`).toContain(`${long}`);
    }
  });

  it('explains every code of the command line', () => {
    for (const code of Object.keys(COMMAND_ERROR_CODES)) expect(page).toContain(`| \`${code}\` |`);
  });
});
