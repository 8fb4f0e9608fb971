/** `npm run tune -- --data <dir> --study <file>`: looks for a model's parameters. */

import { findXgboost, XgboostMissingError } from '../xgboost/xgboost-library.ts';
import { bestPathOf, tune } from './run/tune.ts';
import { parseTuneOptions } from './run/tune-options.ts';
import { NoBestTrialError } from './study/best-parameters.ts';
import { bestTrial } from './study/study.ts';

const EXIT_FAILED = 1;
const EXIT_LIBRARY_MISSING = 2;
const EXIT_INTERRUPTED = 130;

async function main(): Promise<number> {
  const options = parseTuneOptions(process.argv.slice(2));
  const interrupt = new AbortController();
  // Once: a second Ctrl-C ends the process in the usual way; the study is on disk either way.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const timeout = options.timeout === undefined ? [] : [AbortSignal.timeout(options.timeout * 1000)];
  const report = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const study = await tune(options, {
      libraryPath: findXgboost(process.env),
      report,
      now: () => performance.now() / 1000,
      signal: AbortSignal.any([interrupt.signal, ...timeout]),
    });
    if (interrupt.signal.aborted) {
      report(`stopped; the same command goes on with ${options.study}`);
      return EXIT_INTERRUPTED;
    }
    const best = bestTrial(study);
    if (best === undefined) throw new NoBestTrialError(study);
    report(
      `best: trial ${best.number + 1}, log loss ${best.result.logLoss.toFixed(4)}; wrote ${bestPathOf(options.study)}`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(`tune: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof XgboostMissingError ? EXIT_LIBRARY_MISSING : EXIT_FAILED;
  }
}

process.exitCode = await main();
