import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ModelParameters } from '../../../../schemas/model-parameters.ts';
import { createParser } from '../../../../schemas/parse.ts';
import { bestPathOf, tune } from '../../../../trainer/tune/run/tune.ts';
import type { TuneOptions } from '../../../../trainer/tune/run/tune-options.ts';
import type { Study } from '../../../../trainer/tune/study/study.ts';
import { readStudy } from '../../../../trainer/tune/study/study-file.ts';
import { findXgboost } from '../../../../trainer/xgboost/xgboost-library.ts';
import { madeSources } from '../../made-sources.ts';

const MAIN = fileURLToPath(new URL('../../../../trainer/tune/main.ts', import.meta.url));
const FIGURE = fileURLToPath(new URL('../../../../trainer/tune/figure/main.ts', import.meta.url));
let data = '';
beforeAll(() => {
  data = madeSources(150);
});

function optionsOf(changes: Partial<TuneOptions> = {}): TuneOptions {
  const study = join(mkdtempSync(join(tmpdir(), 'nutrisage-tune-')), 'study.jsonl');
  const sampler = 'tpe';
  const limits = { trials: 4, parallel: 1, rowsPerSecond: 600_000, copies: 1, heldOut: 0.2 };
  return { data, study, seed: 3, sampler, ...limits, ...changes };
}

function run(options: TuneOptions, signal = new AbortController().signal, report = (_: string): void => {}) {
  const libraryPath = findXgboost(process.env);
  return tune(options, { libraryPath, report, now: () => performance.now() / 1000, signal });
}

/** What was tried and what came of it, without the seconds it took. */
function outcomesOf({ trials }: Study) {
  return trials.map(({ result, ...trial }) => ({
    ...trial,
    result: result === undefined ? null : { ...result, seconds: 0 },
  }));
}

describe('tune', () => {
  it('tries, tells of each trial, and writes what it found beside the study', async () => {
    const options = optionsOf();
    const lines: string[] = [];
    const study = await run(options, undefined, (line) => lines.push(line));
    expect(study.trials.map(({ state }) => state)).toEqual(Array(4).fill('complete'));
    expect(readStudy(options.study)).toEqual(study);
    expect(lines.filter((line) => /^trial \d of 4: .*best \d.*left$/.test(line))).toHaveLength(4);
    const best = JSON.parse(readFileSync(bestPathOf(options.study), 'utf8')) as unknown;
    const parameters = createParser('best.json', ModelParameters).parse(best);
    const least = study.trials.reduce((left, right) =>
      (right.result?.score ?? 9) < (left.result?.score ?? 9) ? right : left,
    );
    expect(parameters).toEqual({ ...least.parameters, num_boost_round: least.result?.rounds });
  });

  it('comes to the same trials when it is stopped in the middle of one and started again', async () => {
    const whole = await run(optionsOf());
    const options = optionsOf();
    const interrupt = new AbortController();
    const stopped = await run(options, interrupt.signal, (line) => {
      if (line.startsWith('trial 2')) interrupt.abort();
    });
    expect(stopped.trials.filter(({ state }) => state === 'complete')).toHaveLength(2);
    expect(outcomesOf(await run(options))).toEqual(outcomesOf(whole));
  });

  it('runs several trials at once', async () => {
    const { trials } = await run(optionsOf({ parallel: 2 }));
    expect(trials.map(({ number, state }) => [number, state])).toEqual(
      [0, 1, 2, 3].map((number) => [number, 'complete']),
    );
  });
});

describe('npm run tune', () => {
  const argumentsOf = ({ study, trials }: TuneOptions) => {
    const speed = ['--rows-per-second', '600000'];
    return [MAIN, '--data', data, '--study', study, '--trials', `${trials}`, '--copies', '1', ...speed];
  };

  it('keeps the study when it is interrupted and goes on with it', async () => {
    const options = optionsOf({ trials: 100 });
    const child = spawn(process.execPath, argumentsOf(options), { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const isFirst = !output.includes('\ntrial ');
      output += text;
      if (isFirst && output.includes('\ntrial ')) child.kill('SIGINT');
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(130);
    expect(output).toMatch(/the same command goes on with/);
    const begun = readStudy(options.study).trials.length;
    expect(begun).toBeLessThan(100);
    const again = spawnSync(process.execPath, argumentsOf({ ...options, trials: begun + 1 }), {
      encoding: 'utf8',
    });
    expect(again.status).toBe(0);
    expect(again.stdout).toContain(`going on with ${begun} trials on file`);
    expect(readStudy(options.study).trials.every(({ state }) => state !== 'running')).toBe(true);

    const out = join(mkdtempSync(join(tmpdir(), 'nutrisage-tune-')), 'study.svg');
    expect(spawnSync(process.execPath, [FIGURE, '--out', out, options.study]).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^<svg [\s\S]*TPE[\s\S]*<\/svg>\s*$/);
  });

  it.each([
    [['--study', 'x'], /--data/],
    [['--data', '.', '--study', 'x', '--trials', '0'], /--trials.*an integer from 1/],
    [['--data', '.', '--study', 'x', '--sampler', 'grid'], /--sampler.*tpe, random/],
  ])('ends with code 2 on the arguments %j and names the wrong one', (parameters, message) => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...parameters], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('ends with code 1 where the study is another one', () => {
    const options = optionsOf({ trials: 1 });
    expect(spawnSync(process.execPath, argumentsOf(options)).status).toBe(0);
    const other = [...argumentsOf(options), '--seed', '8'];
    const { status, stderr } = spawnSync(process.execPath, other, { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tune: .*other settings \(seed 1, now 8; other rows\)/);
  });
});
