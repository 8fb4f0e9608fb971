/** `npm run tune:figure -- --out <svg> <study>...`: the course of one or more studies as a drawing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { svgDocument } from '../../report/draw-svg.ts';
import { studyFigure } from '../../report/figures/study-figure.ts';
import { type Study, studyCourse } from '../study/study.ts';
import { readStudy } from '../study/study-file.ts';

const WIDTH_PIXELS = 760;
const SAMPLER_NAMES = { tpe: 'TPE', random: 'random search' } as const;

function drawStudies(studies: readonly Study[]): string {
  const courses = studies.map((study) => ({
    sampler: SAMPLER_NAMES[study.header.sampler],
    trials: studyCourse(study),
  }));
  const speed = studies[0]?.header.rowsPerSecond ?? 0;
  const figure = studyFigure({ objective: 'validation log loss', courses });
  return svgDocument(figure, WIDTH_PIXELS, `best forest within ${speed.toLocaleString('en')} rows/s`);
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
