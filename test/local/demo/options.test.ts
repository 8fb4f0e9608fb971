import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearDirectory } from '../../../local/demo/clear-directory.ts';
import { readDemoOptions } from '../../../local/demo/options.ts';
import { lockDirectory } from '../../../local/stack/directory-lock.ts';

describe('the options of the demo', () => {
  it('grades a hundred thousand products with two workers where nothing is said', () => {
    expect(readDemoOptions([])).toEqual({
      isHelp: false,
      rows: 100_000,
      seed: 1,
      workers: 2,
      isJson: false,
      isKept: false,
      directory: join('.nutrisage', 'demo'),
      modelFolder: 'fixtures/model',
    });
  });

  it('takes each of them', () => {
    const args = '--rows 5 --seed 0 --workers 1 --json --keep --dir d --model m'.split(' ');
    expect(readDemoOptions(args)).toEqual({
      isHelp: false,
      rows: 5,
      seed: 0,
      workers: 1,
      isJson: true,
      isKept: true,
      directory: 'd',
      modelFolder: 'm',
    });
  });

  it('names every fault at once', () => {
    expect(() => readDemoOptions(['--rows', '0', '--workers', 'many'])).toThrow(
      /--rows is "0".*; --workers is "many"/,
    );
    expect(() => readDemoOptions(['--row', '5'])).toThrow(/--row/);
  });
});

describe('emptying the directory of the last demo', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'nutrisage-clear-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('takes away what a stack left', () => {
    lockDirectory(directory).release();
    mkdirSync(join(directory, 'objects'));
    clearDirectory(directory);
    expect(readdirSync(directory)).toEqual(['stack.lock']);
  });

  it('leaves alone what no stack wrote', () => {
    writeFileSync(join(directory, 'letter.txt'), 'dear');
    expect(() => clearDirectory(directory)).toThrow(/is not a demo's directory/);
    expect(existsSync(join(directory, 'letter.txt'))).toBe(true);
  });

  it('leaves alone what a living stack owns', () => {
    const lock = lockDirectory(directory);
    writeFileSync(join(directory, 'queue'), 'work');
    expect(() => clearDirectory(directory)).toThrow(/Another stack/);
    lock.release();
    expect(existsSync(join(directory, 'queue'))).toBe(true);
  });

  it('has nothing to do where there is none', () => {
    clearDirectory(join(directory, 'absent'));
    expect(existsSync(join(directory, 'absent'))).toBe(false);
  });
});
