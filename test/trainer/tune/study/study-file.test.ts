import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStudy, readStudy, StudyFileError } from '../../../../trainer/tune/study/study-file.ts';
import { complete, HEADER, started, studyOf } from './made-study.ts';

function newPath(): string {
  return join(mkdtempSync(join(tmpdir(), 'nutrisage-study-')), 'study.jsonl');
}

function madeFile(): string {
  const path = newPath();
  using file = openStudy(path, HEADER);
  for (const line of [started(0), complete(0, 0.4), started(1)]) file.append(line);
  return path;
}

describe('the file of a study', () => {
  it('gives back what was added, and is added to', () => {
    const path = madeFile();
    {
      using file = openStudy(path, HEADER);
      expect(file.study).toEqual(studyOf([started(0), complete(0, 0.4), started(1)]));
      file.append(complete(1, 0.3));
    }
    expect(readStudy(path)).toEqual(studyOf([started(0), complete(0, 0.4), started(1), complete(1, 0.3)]));
  });

  it('goes on after a cut at any byte, with the lines before it', () => {
    const whole = readFileSync(madeFile());
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
        const path = newPath();
        writeFileSync(path, whole.subarray(0, length));
        const linesKept = whole.subarray(0, length).toString().split('\n').length - 1;
        const before = [started(0), complete(0, 0.4), started(1)].slice(0, Math.max(0, linesKept - 1));
        using file = openStudy(path, HEADER);
        expect(file.study).toEqual(studyOf(before));
        file.append(started(file.study.trials.length));
        expect(readStudy(path)).toEqual(file.study);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused for a study with other settings, which it names', () => {
    const open = () => openStudy(madeFile(), { ...HEADER, seed: 2, copies: 5 });
    expect(open).toThrow(StudyFileError);
    expect(open).toThrow(/seed 1, now 2; copies 2, now 5/);
  });

  it.each([
    ['a letter to a friend\n', /is no study: line 1/],
    ['no line feed', /is no study/],
  ])('is refused where it holds something else, and left alone: %j', (content, message) => {
    const path = newPath();
    writeFileSync(path, content);
    expect(() => openStudy(path, HEADER)).toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('is refused where a line before the last is damaged, with its number', () => {
    const path = madeFile();
    appendFileSync(path, '{"kind":"ended","trial":\n');
    appendFileSync(path, `${JSON.stringify(complete(1, 0.3))}\n`);
    expect(() => readStudy(path)).toThrow(/is damaged: line 5/);
  });

  it('says that it is not there', () => {
    expect(() => readStudy('/no/such/study.jsonl')).toThrow(/is not there/);
  });
});
