/** `npm run simulate`: the scaling policy on paper, as tables and as a figure. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StackError } from '../stack/stack-error.ts';
import { burstCourses } from './burst-courses.ts';
import { drawCourses } from './draw-courses.ts';
import { readSimulateOptions, type SimulateOptions, USAGE } from './options.ts';
import { renderBursts, renderTraffic } from './render-courses.ts';
import { type TrafficCourse, trafficCourses } from './traffic-courses.ts';

function run(options: SimulateOptions): void {
  const courses = trafficCourses(options.requestsPerTask, options.ownRequestsPerTask);
  const bursts = burstCourses(options.rows, options.rowsPerSecond, options.rowsPerSecondWithTable);
  const { figure: path, isJson } = options;
  if (path !== undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, drawCourses(courses));
  }
  const withoutSamples = ({ samples: _, ...course }: TrafficCourse) => course;
  const text = isJson
    ? JSON.stringify({
        fast: withoutSamples(courses.fast),
        aws: withoutSamples(courses.aws),
        own: withoutSamples(courses.own),
        bursts,
      })
    : `${renderTraffic(courses)}\n\n${renderBursts(bursts)}${path === undefined ? '' : `\n\nDrawn to ${path}`}`;
  process.stdout.write(`${text}\n`);
}

try {
  const options = readSimulateOptions(process.argv.slice(2));
  if (options.isHelp) process.stdout.write(USAGE);
  else run(options);
} catch (error) {
  process.exitCode = 1;
  const text = error instanceof StackError ? `${error.message} ${error.remedy}` : String(error);
  process.stderr.write(`${text}\n`);
}
