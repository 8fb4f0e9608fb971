import { describe, expect, it } from 'vitest';
import { createProgress, progressLine } from '../../../trainer/ingest/progress.ts';

function recorded(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const progress = createProgress({ isTTY, write: (text) => written.push(text) }, () => time);
  return { written, progress, at: (milliseconds: number) => (time = milliseconds) };
}

describe('progress', () => {
  it('says rows, share, rate and time left', () => {
    const sight = {
      step: 'reading',
      unit: 'rows',
      done: 450_000,
      total: 1_000_000,
      since: 0,
      seconds: 5,
    } as const;
    expect(progressLine(sight)).toBe('reading: 450,000 of 1,000,000 rows (45 %), 90,000 rows/s, 7 s left');
  });

  it('says no share and no time left where the total is unknown', () => {
    const sight = { step: 'reading', unit: 'rows', done: 300, total: 0, since: 0, seconds: 3 } as const;
    expect(progressLine(sight)).toBe('reading: 300 rows, 100 rows/s');
  });

  it('counts the rate of a resumed download from where it went on', () => {
    const sight = {
      step: 'downloading',
      unit: 'bytes',
      done: 9e6,
      total: 19e6,
      since: 8e6,
      seconds: 1,
    } as const;
    expect(progressLine(sight)).toBe('downloading: 9 of 19 MB (47 %), 1 MB/s, 10 s left');
  });

  it('writes a line every few seconds to a log', () => {
    const { written, progress, at } = recorded(false);
    progress.begin('reading', 'rows');
    for (let second = 1; second <= 12; second += 1) {
      at(second * 1000);
      progress.update(second * 10, 200);
    }
    progress.end();
    expect(written).toEqual([
      'reading: 50 of 200 rows (25 %), 10 rows/s, 15 s left\n',
      'reading: 100 of 200 rows (50 %), 10 rows/s, 10 s left\n',
    ]);
  });

  it('redraws one line on a terminal, and leaves it empty', () => {
    const { written, progress, at } = recorded(true);
    progress.begin('reading', 'rows');
    at(1000);
    progress.update(10, 20);
    progress.end();
    expect(written).toEqual(['\r\u001b[2Kreading: 10 of 20 rows (50 %), 10 rows/s, 1 s left', '\r\u001b[2K']);
  });
});
