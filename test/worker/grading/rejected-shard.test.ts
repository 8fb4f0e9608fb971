import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createThreadPool, type ThreadPool } from '../../../worker/threads/thread-pool.ts';
import { shardMessage } from '../../support/records.ts';

const ROWS = 300_000;

describe('a shard of which every row is rejected', () => {
  let pool: ThreadPool;

  beforeAll(() => {
    pool = createThreadPool({
      threads: 1,
      entry: new URL('./rejecting-thread.ts', import.meta.url),
      settings: {
        dataBucket: 'none',
        modelBucket: 'none',
        gradesTable: undefined,
        rowGroupBytesMax: 1,
        ceilings: { fileBytes: 1, footerBytes: 1, rows: 1, columns: 1, textBytes: 1 },
        retentionDays: 1,
        engine: 'auto',
      },
      log: pino({ level: 'silent' }),
    });
  });
  afterAll(() => pool.stop());

  it('is gathered and written within the heap of a grading thread', async () => {
    const { counts } = await pool.grade(shardMessage({ rows: ROWS }));
    expect(counts).toMatchObject({ rows: ROWS, graded: 0, rejected: ROWS });
    expect(counts.rejectReasons).toMatchObject({ 'total-over-1000': ROWS });
  }, 60_000);
});
