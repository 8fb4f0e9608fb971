import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandOf, parseTrainOptions } from '../../trainer/train-options.ts';

const NEEDED = ['--data', 'in', '--out', 'out'] as const;
const FOUND = {
  num_boost_round: 120,
  max_depth: 7,
  max_leaves: 60,
  eta: 0.21,
  subsample: 0.7,
  colsample_bytree: 0.8,
  min_child_weight: 2,
  reg_lambda: 3,
  gamma: 0.1,
};

function found(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'nutrisage-')), 'best.json');
  writeFileSync(path, JSON.stringify(FOUND));
  return path;
}

describe('parseTrainOptions', () => {
  it('has a standard value for every parameter', () => {
    const options = parseTrainOptions(NEEDED, {});
    for (const name of Object.keys(FOUND)) expect(options).toHaveProperty(name, expect.any(Number));
    expect(options).toMatchObject({ data: 'in', out: 'out', seed: 1 });
  });

  it('takes what tuning found, and before it what is given by itself', () => {
    const options = parseTrainOptions([...NEEDED, '--parameters', found(), '--eta', '0.4'], {});
    expect(options).toMatchObject({ ...FOUND, eta: 0.4 });
    expect(options).not.toHaveProperty('parameters');
  });

  it('stamps the time that the environment asks for, unless one is given', () => {
    const environment = { SOURCE_DATE_EPOCH: '1767225600' };
    expect(parseTrainOptions(NEEDED, environment).createdAt).toBe('2026-01-01T00:00:00Z');
    const given = ['--created-at', '2026-02-02T00:00:00Z'];
    expect(parseTrainOptions([...NEEDED, ...given], environment).createdAt).toBe('2026-02-02T00:00:00Z');
  });

  it('spells out a command that parses to the same options', () => {
    const createdAt = '2026-02-02T00:00:00Z';
    const options = { ...parseTrainOptions([...NEEDED, '--eta', '0.17'], {}), createdAt };
    const words = commandOf(options)
      .replaceAll(/<[^>]+>/g, 'x')
      .split(' ')
      .slice(4);
    const again = parseTrainOptions(words, {});
    expect({ ...again, data: 'in', out: 'out' }).toEqual(options);
  });
});
