import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CurrentModel } from '../../../schemas/model.ts';
import { createParser } from '../../../schemas/parse.ts';
import { createFolderRegistryStore } from '../../../trainer/registry/folder-registry-store.ts';
import { promote } from '../../../trainer/registry/promote.ts';
import { type TinyModelChanges, writeTinyModel } from '../../support/tiny-model.ts';
import { type CommandOutcome, runModel } from './command.ts';

const GOOD = { 'parity.difference_max': 0.000001, 'accuracy.complete': 0.9, 'accuracy.all': 0.8 };
const pointers = createParser('current.json', CurrentModel);

let parent: string;
let folder: string;
let tests = 0;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'nutrisage-model-command-'));
});
afterAll(() => rm(parent, { recursive: true }));
beforeEach(async () => {
  tests += 1;
  folder = join(parent, `${tests}`);
  await mkdir(folder);
});

/** Runs the command on the registry in the test's folder. */
const model = (...argv: readonly string[]): Promise<CommandOutcome> =>
  runModel([...argv, '--to', 'registry'], folder);
const registryFile = (...parts: readonly string[]): string => join(folder, 'registry', 'models', ...parts);
const pointer = async (): Promise<CurrentModel> =>
  pointers.parse(JSON.parse(await readFile(registryFile('current.json'), 'utf8')));

/** Writes a model to the folder `name`; its version. */
const write = (name: string, changes: TinyModelChanges = {}): Promise<string> =>
  writeTinyModel(join(folder, name), { metrics: GOOD, ...changes });
async function publish(name: string, changes?: TinyModelChanges): Promise<string> {
  const version = await write(name, changes);
  expect(await model('publish', name)).toMatchObject({ code: 0, stderr: '' });
  return version;
}
/** Publishes and promotes `count` models, one after the other. */
async function promoteMany(count: number): Promise<string[]> {
  const versions: string[] = [];
  for (let step = 1; step <= count; step += 1) {
    const version = await publish(`model ${step}`, { sugarsStep: step });
    expect(await model('promote', version)).toMatchObject({ code: 0, stderr: '' });
    versions.push(version);
  }
  return versions;
}

describe('publish', () => {
  it('copies every file of the folder, also of folders in it, and makes nothing current', async () => {
    const version = await write('model');
    await mkdir(join(folder, 'model', 'figures'));
    await writeFile(join(folder, 'model', 'figures', 'importance.svg'), '<svg/>');
    await writeFile(join(folder, 'model', '.hidden'), 'x');
    const { code, stdout } = await model('publish', 'model', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      version,
      written: ['figures/importance.svg', 'model.onnx', 'reference.json', 'manifest.json'],
      files: 4,
    });
    expect(await readFile(registryFile(version, 'figures', 'importance.svg'), 'utf8')).toBe('<svg/>');
    await expect(readFile(registryFile('current.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('writes nothing the second time', async () => {
    await publish('model');
    expect((await model('publish', 'model')).stdout).toContain('nothing was written');
  });

  it('never changes a version that is there', async () => {
    const version = await publish('model');
    await writeFile(join(folder, 'model', 'MODEL_CARD.md'), '# Another card');
    const { code, stderr } = await model('publish', 'model');
    expect(code).toBe(1);
    expect(stderr).toContain(`has version ${version} with another MODEL_CARD.md`);
    await expect(readFile(registryFile(version, 'MODEL_CARD.md'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('finishes what was stopped half-way', async () => {
    const version = await publish('model');
    await rm(registryFile(version, 'manifest.json'));
    await writeFile(registryFile(version, 'model.onnx'), 'half');
    const listed = JSON.parse((await model('list', '--json')).stdout);
    expect(listed.models).toMatchObject([{ version, state: 'incomplete' }]);
    const { stdout } = await model('publish', 'model', '--json');
    expect(JSON.parse(stdout).written).toEqual(['model.onnx', 'manifest.json']);
    expect(await model('promote', version)).toMatchObject({ code: 0 });
  });

  it.each([
    ['no folder', async () => {}, 2, 'there is no such folder'],
    ['no manifest', async (path: string) => rm(join(path, 'manifest.json')), 2, 'it has no manifest.json'],
    [
      'a manifest that is no JSON',
      async (path: string) => writeFile(join(path, 'manifest.json'), 'x'),
      1,
      'it is not JSON',
    ],
    [
      'other trees than its manifest names',
      async (path: string) => writeFile(join(path, 'model.onnx'), 'x'),
      1,
      'model.onnx is not the file that its manifest names',
    ],
    [
      'no reference',
      async (path: string) => rm(join(path, 'reference.json')),
      1,
      'reference.json is not there',
    ],
  ])('refuses what has %s', async (fault, damage, code, reason) => {
    if (fault !== 'no folder') await write('model');
    await damage(join(folder, 'model'));
    const outcome = await model('publish', 'model');
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(reason);
    expect(await model('list')).toMatchObject({ code: 0, stdout: expect.stringContaining('has no models') });
  });
});

describe('promote', () => {
  it('makes a model current, remembers the one before, and is no work the second time', async () => {
    const [first = '', second = ''] = await promoteMany(2);
    const now = await pointer();
    expect(now).toMatchObject({ version: second, previous: [{ version: first }] });
    expect(now.promotedBy).toMatch(/^unknown@/);
    expect((await model('promote', second)).stdout).toContain('is current already');
    expect(await pointer()).toEqual(now);
  });

  it('does not know a version that was not published', async () => {
    const { code, stderr } = await model('promote', '0'.repeat(16), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'version-missing' });
  });

  it('refuses with every reason, and leaves the current one', async () => {
    const [current = ''] = await promoteMany(1);
    const metrics = { 'accuracy.complete': 0.889, 'accuracy.all': 0.795 };
    const worse = await publish('worse', { metrics, trees: 5000 });
    const { code, stderr } = await model('promote', worse, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'refused',
      reasons: [
        expect.stringContaining('parity-known: its manifest does not tell parity.difference_max'),
        "slices: its accuracy is more than 0.01 below the current model's: complete is 0.889 and was 0.9",
        'speed: a row visits up to 5000 (5000 trees of depth 1) branches; 2147 are allowed',
      ],
    });
    expect(await pointer()).toMatchObject({ version: current });
    const forced = await model('promote', worse, '--force');
    expect(forced).toMatchObject({ code: 0, stdout: expect.stringContaining('Forced past slices:') });
    expect(await pointer()).toMatchObject({ version: worse });
  });

  it('takes other limits', async () => {
    await promoteMany(1);
    const version = await publish('worse', { metrics: { ...GOOD, 'accuracy.all': 0.7 }, trees: 5000 });
    expect(await model('promote', version, '--margin', '0.2', '--branches-max', '5000')).toMatchObject({
      code: 0,
    });
  });

  it('is not forced past a model that can not be used', async () => {
    const version = await publish('broken', { onnx: new TextEncoder().encode('no forest') });
    const { code, stderr } = await model('promote', version, '--force');
    expect(code).toBe(1);
    expect(stderr).toContain('runtime: it is damaged');
    await expect(pointer()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses files that were damaged where they lie', async () => {
    const version = await publish('model');
    await writeFile(registryFile(version, 'model.onnx'), 'damaged');
    const { code, stderr } = await model('promote', version);
    expect(code).toBe(1);
    expect(stderr).toContain('files: model.onnx is not the file that its manifest names');
  });

  it('judges anew when the current model can not be read, and says so', async () => {
    const [current = ''] = await promoteMany(1);
    await writeFile(registryFile(current, 'manifest.json'), 'x');
    const version = await publish('next', { metrics: { 'parity.difference_max': 0 } });
    const { code, stdout } = await model('promote', version);
    expect(code).toBe(0);
    expect(stdout).toContain(`Not compared with the current model ${current}`);
  });

  it('replaces a damaged pointer when it is forced to', async () => {
    const [version = ''] = await promoteMany(1);
    await writeFile(registryFile('current.json'), 'x');
    expect(await model('promote', version)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--force'),
    });
    expect(await model('promote', version, '--force')).toMatchObject({ code: 0 });
    expect(await pointer()).toMatchObject({ version, previous: [] });
  });

  it('has one winner of twenty at once, and tells the others who won', async () => {
    const [from = ''] = await promoteMany(1);
    const versions = await Promise.all(
      Array.from({ length: 20 }, (_, writer) => publish(`racer ${writer}`, { sugarsStep: 2 + writer / 100 })),
    );
    const plain = createFolderRegistryStore(join(folder, 'registry'));
    // All of them have read the pointer before the first writes.
    const allRead = Promise.withResolvers<void>();
    let readers = 0;
    const store: typeof plain = {
      ...plain,
      async write(...args) {
        readers += 1;
        if (readers === versions.length) allRead.resolve();
        await allRead.promise;
        return plain.write(...args);
      },
    };
    const outcomes = await Promise.allSettled(
      versions.map((version, writer) =>
        promote(
          store,
          version,
          { margin: 0.01, branchesMax: 2200, force: false },
          { by: `writer ${writer}`, at: new Date(), move: `move ${writer}` },
        ),
      ),
    );
    const winners = outcomes.flatMap(({ status }, writer) => (status === 'fulfilled' ? [writer] : []));
    expect(winners).toHaveLength(1);
    const winner = versions[winners[0] ?? 0];
    expect(await pointer()).toMatchObject({ version: winner, previous: [{ version: from }] });
    for (const outcome of outcomes.filter(({ status }) => status === 'rejected')) {
      expect(outcome).toMatchObject({ reason: { code: 'pointer-changed', exitCode: 1 } });
      expect(String((outcome as PromiseRejectedResult).reason)).toContain(
        `${winner} was promoted at ${(await pointer()).promotedAt} by writer ${winners[0]}`,
      );
    }
  });

  it('knows its own write when the answer to it was lost', async () => {
    const version = await publish('model');
    const plain = createFolderRegistryStore(join(folder, 'registry'));
    const store: typeof plain = {
      ...plain,
      async write(...args) {
        await plain.write(...args);
        return plain.write(...args);
      },
    };
    const limits = { margin: 0.01, branchesMax: 2200, force: false };
    const mover = { by: 'someone', at: new Date(), move: 'one' };
    expect(await promote(store, version, limits, mover)).toMatchObject({ moved: true });
  });
});

describe('rollback', () => {
  it('goes back step by step, never forth, until there is nothing before', async () => {
    const [first, second, third] = await promoteMany(3);
    expect(await pointer()).toMatchObject({ version: third });
    expect((await model('rollback')).stdout).toContain(`${second} is current now, in place of ${third}`);
    expect((await model('rollback')).code).toBe(0);
    expect(await pointer()).toMatchObject({ version: first, previous: [] });
    const { code, stderr } = await model('rollback');
    expect(code).toBe(1);
    expect(stderr).toContain(`no version was current in ${join(folder, 'registry')} before ${first}`);
  });

  it('asks for nothing but integrity', async () => {
    const slow = await publish('slow', { metrics: {}, trees: 9000 });
    expect(await model('promote', slow, '--force')).toMatchObject({ code: 0 });
    await promoteMany(1);
    expect(await model('rollback')).toMatchObject({ code: 0 });
    expect(await pointer()).toMatchObject({ version: slow });
  });

  it('refuses one that was damaged since', async () => {
    const [first = '', second = ''] = await promoteMany(2);
    await writeFile(registryFile(first, 'model.onnx'), 'damaged');
    expect(await model('rollback')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`model ${first} may not become current`),
    });
    expect(await pointer()).toMatchObject({ version: second });
  });

  it('has nothing to do where nothing is current', async () => {
    expect(await model('rollback', '--json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing-current'),
    });
  });

  it('keeps twenty versions to go back to', async () => {
    const versions = await promoteMany(22);
    const { previous = [] } = await pointer();
    expect(previous.map(({ version }) => version)).toEqual(versions.slice(1, 21).reverse());
  });
});

describe('list', () => {
  it('shows versions with their figures, the current one marked', async () => {
    const version = await publish('one', { sugarsStep: 3 });
    const [current = ''] = await promoteMany(1);
    const { stdout } = await model('list');
    expect(stdout).toMatch(
      new RegExp(`^\\*  ${current}  2026-11-23 10:00  1 .* 90\\.0 %, 80\\.0 %, 80\\.0 % \\(all\\)`, 'm'),
    );
    expect(stdout).toMatch(new RegExp(`^ {3}${version}`, 'm'));
  });

  it('shows what is damaged as such', async () => {
    const version = await publish('one');
    await writeFile(registryFile(version, 'manifest.json'), '{}');
    await cp(registryFile(version), registryFile('not-a-version'), { recursive: true });
    const { stdout } = await model('list', '--json');
    expect(JSON.parse(stdout).models).toMatchObject([{ version, state: 'damaged', isCurrent: false }]);
  });
});

describe('diff', () => {
  it('shows parameters and metrics side by side', async () => {
    const [current = ''] = await promoteMany(1);
    const other = await publish('other', {
      parameters: { eta: 0.1 },
      metrics: { 'accuracy.complete': 0.95, extra: 2 },
    });
    const { stdout } = await model('diff', 'current', other, '--json');
    const { left, right, metrics, parameters } = JSON.parse(stdout);
    expect({ left, right }).toEqual({ left: current, right: other });
    expect(parameters).toEqual([{ name: 'eta', right: 0.1 }]);
    expect(metrics).toContainEqual({ name: 'accuracy.complete', left: 0.9, right: 0.95, difference: 0.05 });
    expect(metrics).toContainEqual({ name: 'accuracy.all', left: 0.8 });
    expect(metrics).toContainEqual({ name: 'extra', right: 2 });
    expect((await model('diff', current, other)).stdout).toMatch(/accuracy\.complete +0\.9 +0\.95 +\+0\.05/);
  });
});

describe('the command line', () => {
  it.each([
    [['promote', 'v1'], 'is no version'],
    [['promote'], 'missing required argument'],
    [['promote', '0123456789abcdef', '--margin', 'much'], 'Give a number from 0 to 1'],
    [['advance'], 'unknown command'],
  ])('ends %s with code 2', async (argv, reason) => {
    const { code, stderr } = await runModel([...argv], folder, {
      NUTRISAGE_MODEL_BUCKET: 'nutrisage-models',
    });
    expect(stderr).toContain(reason);
    expect(code).toBe(2);
  });

  it('says where it looks when it is told nothing', async () => {
    const { code, stderr } = await runModel(['list'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('NUTRISAGE_MODEL_BUCKET');
    expect(await runModel(['list', '--to', 's3://x'], folder)).toMatchObject({ code: 2 });
  });

  it('helps', async () => {
    const { code, stdout } = await runModel(['--help'], folder);
    expect(code).toBe(0);
    for (const word of ['publish', 'promote', 'rollback', 'list', 'diff']) expect(stdout).toContain(word);
  });
});
