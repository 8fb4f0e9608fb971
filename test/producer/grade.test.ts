/** `grade` and `key` against the endpoint’s own application. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClients } from '../../schemas/api-keys.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { createKeyring } from '../../worker/endpoint/keys/keyring.ts';
import { keyringOf, newKey, type Served, serve } from '../worker/endpoint/http/serve.ts';
import { IMPOSSIBLE, SPREAD, spreads } from '../worker/endpoint/products.ts';
import { type CliOptions, runCli } from './cli.ts';

const KEY = newKey('shop');

let served: Served;
let guarded: Served;
let folder: string;
beforeAll(async () => {
  served = await serve();
  guarded = await serve({ ports: { keys: keyringOf({ shop: [KEY] }) } });
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-grade-'));
});
afterAll(async () => {
  await Promise.all([served.close(), guarded.close()]);
  await rm(folder, { recursive: true, force: true });
});

const nutrisage = (args: readonly string[], options: Partial<CliOptions> = {}) =>
  runCli(args, {
    environment: { [ENVIRONMENT.endpointUrl]: served.url },
    workingDirectory: folder,
    ...options,
  });

describe('nutrisage grade', () => {
  it('grades the item that its options make, and shows points, probabilities and reasons', async () => {
    const { exitCode, stdout } = await nutrisage([
      'grade',
      ...[
        '--categories',
        'Hazelnut spreads',
        '--energy-kj',
        '2252',
        '--fat',
        '30.9',
        '--saturated-fat',
        '10.6',
      ],
      ...['--sugars', '56.3', '--fibre', '3.4', '--proteins', '6.3', '--salt', '0.11', '--fruit-share', '0'],
      ...['--carbohydrates', '57.5', '--code', '007'],
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^007 is graded E, by the published rules, with a score of \d+\.\n\nPoints\n/);
    expect(stdout).toMatch(/\n {2}sugars +15\n/);
    expect(stdout).toMatch(/\nThe model says [A-E]\n {2}A /);
    expect(stdout).toMatch(/\nmodel {6}[0-9a-f]{16}\n$/);
  });

  it('says that the model graded where the rules lack an input', async () => {
    const { stdout } = await nutrisage(['grade', '--sugars', '32', '--energy-kj', '1900']);
    expect(stdout).toMatch(
      /^The item is graded [A-E], by the model: the inputs of the published rules are not all there\.\n/,
    );
    expect(stdout).not.toContain('Points');
  });

  it('takes an item or a list from a file or from standard input', async () => {
    await writeFile(join(folder, 'item.json'), JSON.stringify({ ...SPREAD, code: '12' }));
    expect((await nutrisage(['grade', 'item.json'])).stdout).toMatch(/^12 is graded E/);
    const list = JSON.stringify([{ ...SPREAD, code: '12' }, IMPOSSIBLE, { sugar: 3 }]);
    const { exitCode, stdout } = await nutrisage(['grade', '-'], { stdin: list });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\n *1 {2}12 +E +official/);
    expect(stdout).toMatch(/\n *2 .*rejected/);
    expect(stdout).toMatch(/\n *3 .*invalid .*\/sugar is no name of an item: `sugars` may be meant/);
    expect(stdout).toContain('1 of 3 are graded.');
  });

  it('sends a longer list in several requests, and gives one document of all', async () => {
    const stdin = JSON.stringify(spreads(2300));
    const { stdout } = await nutrisage(['grade', '-', '--json'], { stdin });
    const { items, modelVersion } = JSON.parse(stdout) as { items: unknown[]; modelVersion: string };
    expect(items).toHaveLength(2300);
    expect(modelVersion).toMatch(/^[0-9a-f]{16}$/);
  });

  it('ends with 1 for what must not be graded, and says why', async () => {
    const { exitCode, stdout } = await nutrisage(['grade', '-'], {
      stdin: JSON.stringify({ ...IMPOSSIBLE, code: '9' }),
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^9 must not be graded\.\n {2}[a-z-]+: [A-Z]/);
    const json = await nutrisage(['grade', '-', '--json'], { stdin: JSON.stringify(IMPOSSIBLE) });
    expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'rejected' });
  });

  it.each([
    [['grade'], 'there is nothing to grade'],
    [['grade', 'item.json', '--fat', '3'], 'both a file and nutrients are given'],
    [['grade', '--fat', '3,5'], 'Give a number, with a point'],
    [['grade', '--fat', ''], 'Give a number, with a point'],
    [['grade', 'none.json'], 'none.json can not be read'],
    [['grade', '--fat', '3', '--endpoint', 'ftp://x'], 'the endpoint’s address is "ftp://x"'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await nutrisage(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('refuses what is no item with the endpoint’s words', async () => {
    expect((await nutrisage(['grade', '-'], { stdin: '{"sugars":' })).stderr).toContain(
      'standard input is not JSON',
    );
    for (const stdin of ['{"sugar":3}', '3', 'null', '"x"']) {
      const { exitCode, stderr } = await nutrisage(['grade', '-', '--json'], { stdin });
      expect([exitCode, JSON.parse(stderr).error.code === 'bad-item'], stderr).toEqual([2, true]);
    }
  });

  it('takes the endpoint of the local stack in its folder, and says how to start one', async () => {
    const { exitCode, stderr } = await nutrisage(['grade', '--fat', '3'], { environment: {} });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('npm run local');
  });

  it('ends with 3 where nobody answers or the key is not known', async () => {
    const nobody = await nutrisage(['grade', '--fat', '3', '--endpoint', 'http://127.0.0.1:9']);
    expect([nobody.exitCode, nobody.stderr.includes('does not answer')]).toEqual([3, true]);
    const environment = { [ENVIRONMENT.endpointUrl]: `${guarded.url}/` };
    const missing = await nutrisage(['grade', '--fat', '3'], { environment });
    expect(missing.exitCode).toBe(3);
    expect(missing.stderr).toContain(`Set ${ENVIRONMENT.apiKey}.`);
    const unknown = { ...environment, [ENVIRONMENT.apiKey]: newKey('shop') };
    expect((await nutrisage(['grade', '--fat', '3'], { environment: unknown })).stderr).toContain(
      'key-unknown',
    );
    const known = { ...environment, [ENVIRONMENT.apiKey]: KEY };
    expect((await nutrisage(['grade', '--fat', '3'], { environment: known })).exitCode).toBe(0);
  });
});

describe('nutrisage key', () => {
  it('makes a key that an endpoint takes which is given what it prints', async () => {
    const { stdout } = await nutrisage(['key', 'shop', '--items-per-minute', '600', '--json']);
    const { key, entry } = JSON.parse(stdout) as { key: string; entry: unknown };
    const clients = createParser('keys', ApiClients).parse([entry]);
    expect(createKeyring(clients).clientOf(key)).toEqual({ name: 'shop', itemsPerMinute: 600 });
    const text = (await nutrisage(['key', 'shop'])).stdout;
    expect(text).toContain(ENVIRONMENT.apiKeys);
    expect(text).not.toContain(key);
  });

  it('refuses a name that could not stand in a key', async () => {
    const { exitCode, stderr } = await nutrisage(['key', 'My Shop']);
    expect([exitCode, stderr.includes('lower-case letters')]).toEqual([2, true]);
  });
});
