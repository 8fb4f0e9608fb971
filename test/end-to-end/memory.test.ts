import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb } from '../../local/demo/duckdb.ts';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { JobSummary } from '../../schemas/job-summary.ts';
import { createParser } from '../../schemas/parse.ts';
import { type Desk, openDesk } from './harness.ts';

const ROWS = 5_000_000;
const COPIES = 20;
const ROW_GROUP_ROWS = 250_000;
const RESIDENT_MIB_MAX = 900;

/** Most memory that a process ever had resident; Linux keeps it for everyone. */
function peakResidentMib(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}

describe.skipIf(process.platform !== 'linux')(
  'the memory of a worker (peak read from /proc, so on Linux only)',
  () => {
    let desk: Desk;

    beforeAll(async () => {
      desk = await openDesk({
        workers: 1,
        workerEnvironment: { NUTRISAGE_THREADS: '2', NUTRISAGE_GRADES_TABLE: '' },
      });
    });
    afterAll(() => desk.close());

    it('stays under 900 MiB for 5,000,000 rows in row groups of 250,000', async () => {
      const part = join(desk.folder, 'part.parquet');
      const file = join(desk.folder, 'large.parquet');
      await writeMadeCatalogue(part, {
        rows: ROWS / COPIES,
        seed: 2,
        shape: 'flat',
        rowGroupRows: ROW_GROUP_ROWS,
      });
      await withDuckDb(async (connection) => {
        await connection.run(`COPY (SELECT p.* FROM range(${COPIES}), read_parquet('${part}') p)
        TO '${file}' (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`);
      });
      const pid = desk.stack.fleet?.pids[0] ?? 0;
      const { code, stdout, stderr } = await desk.nutrisage('submit', file, '--wait', '--json');
      expect(code, stderr).toBe(0);
      const { counts } = createParser('the summary', JobSummary).parse(JSON.parse(stdout).summary);
      expect(counts.rows).toBe(ROWS);
      expect(counts.graded + counts.rejected).toBe(ROWS);
      expect(desk.stack.fleet?.pids[0]).toBe(pid);
      expect(peakResidentMib(pid)).toBeLessThan(RESIDENT_MIB_MAX);
    }, 300_000);
  },
);
