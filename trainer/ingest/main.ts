/** `npm run ingest -- --source <path|pattern|s3 uri|https url> --out <dir>`. Exit codes: 0, 1 failed, 2 wrong use. */
import { asNutrisageError } from '../../core/errors.ts';
import { ingest } from './ingest.ts';
import { parseIngestOptions } from './ingest-options.ts';
import { count, createProgress } from './progress.ts';

const EXIT_FAILED = 1;

async function main(): Promise<number> {
  const options = parseIngestOptions(process.argv.slice(2));
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  const startedAt = performance.now();
  try {
    const { rows } = await ingest(options, createProgress(process.stderr), controller.signal);
    const seconds = (performance.now() - startedAt) / 1000;
    process.stdout.write(
      `wrote ${count(rows.kept)} of ${count(rows.read)} rows to ${options.out} in ${seconds.toFixed(1)} s ` +
        `(${count(rows.read / seconds)} rows/s); DATA_CARD.md says what they are\n`,
    );
    return 0;
  } catch (thrown) {
    const { code, message, remedy } = asNutrisageError(thrown);
    const advice = code === 'unexpected' ? 'Report it with this message.' : remedy;
    process.stderr.write(`ingest: ${message} ${advice} (${code})\n`);
    return EXIT_FAILED;
  }
}

process.exitCode = await main();
