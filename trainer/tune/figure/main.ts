/** `npm run tune:figure -- --out <svg> <study>...`: the course of studies as a drawing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { svgDocument } from '../../../core/figures/draw-svg.ts';
import { studyFigure } from '../../report/figures/study-figure.ts';
import { meanCourse } from '../study/mean-course.ts';
import type { Study } from '../study/study.ts';
import { readStudy } from '../study/study-file.ts';

const WIDTH_PIXELS = 760;
const SAMPLERS = [
  { sampler: 'tpe', name: 'TPE' },
  { sampler: 'random', name: 'random search' },
] as const;

/** Studies of the same sampler are drawn as their mean. */
function drawStudies(studies: readonly Study[]): string {
  const courses = SAMPLERS.flatMap(({ sampler, name }) => {
    const trials = meanCourse(studies.filter(({ header }) => header.sampler === sampler));
    return trials.length === 0 ? [] : [{ sampler: name, trials }];
  });
  const figure = studyFigure({ objective: 'validation log loss', courses });
  return svgDocument(figure, WIDTH_PIXELS, subtitleOf(studies));
}

function subtitleOf(studies: readonly Study[]): string {
  const speeds = [...new Set(studies.map(({ header }) => header.rowsPerSecond))];
  const seeds = new Set(studies.map(({ header }) => header.seed)).size;
  const budget = speeds.map((speed) => speed.toLocaleString('en')).join(' and ');
  return `Best forest within ${budget} rows/s${seeds > 1 ? `; mean of ${seeds} seeds, the same for each sampler` : ''}`;
}

function main(): number {
  try {
    const { values, positionals } = parseArgs({
      options: { out: { type: 'string' } },
      allowPositionals: true,
    });
    if (values.out === undefined || positionals.length === 0) {
      process.stderr.write('Usage: npm run tune:figure -- --out <svg> <study>...\n');
      return 2;
    }
    const svg = drawStudies(positionals.map(readStudy));
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, svg);
    process.stdout.write(`wrote ${values.out}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`tune:figure: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = main();
