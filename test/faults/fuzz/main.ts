/**
 * `npm run fuzz -- --cases 20000 --seed 1`: damaged Parquet files, each read in a thread as a worker reads them. Findings are
 * written to `--out`; kept ones lie in `fixtures/damaged`, which a test reads. The exit code is 1 when there are any.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { damagedParquet } from './mutate-parquet.ts';
import { createDamagedReader, isFinding } from './read-damaged.ts';
import { wholeFiles } from './whole-files.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string', default: 'fuzz-findings' },
  },
});
const HANG_MS = 60_000;
const TELL_EVERY = 1000;
const seed = Number(values.seed);
const cases = Number(values.cases);
const counts = new Map<string, number>();
let findings = 0;
let done = 0;
let memoryMax = 0;
let next = 0;

const whole = await wholeFiles();
await Promise.all(Array.from({ length: Number(values.threads) }, work));
print();
process.exit(findings === 0 ? 0 : 1);

async function work(): Promise<void> {
  const reader = createDamagedReader(HANG_MS);
  while (next < cases) {
    const number = next;
    next += 1;
    const { damage, bytes } = damagedParquet(seed, number, whole);
    const reading = await reader.read(bytes);
    const what = reading.outcome === 'refused' ? reading.detail : reading.outcome;
    counts.set(what, (counts.get(what) ?? 0) + 1);
    memoryMax = Math.max(memoryMax, reading.memory);
    if (isFinding(reading)) {
      findings += 1;
      await mkdir(values.out, { recursive: true });
      await writeFile(join(values.out, `${seed}-${number}.parquet`), bytes);
      process.stdout.write(`${JSON.stringify({ finding: number, damage, ...reading })}\n`);
    }
    done += 1;
    if (done % TELL_EVERY === 0) print();
  }
  await reader.close();
}

function print(): void {
  const residentMiB = Math.round(process.memoryUsage().rss / 2 ** 20);
  const readerMiB = Math.round(memoryMax / 2 ** 20);
  process.stdout.write(
    `${JSON.stringify({ done, findings, residentMiB, readerMiB, outcomes: Object.fromEntries(counts) })}\n`,
  );
}
