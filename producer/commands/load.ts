/** `nutrisage load`: asks the endpoint by a schedule, and tells how long answers took. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { svgDocument } from '../../core/figures/draw-svg.ts';
import { LoadSchedule, SIX_PHASES } from '../../schemas/load-schedule.ts';
import { EXIT_CODES } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { CommandError } from '../command-error.ts';
import { findEndpoint } from '../endpoint/find-endpoint.ts';
import { readTextFile } from '../inputs/text-file.ts';
import { arrivalsOf } from '../load/arrivals.ts';
import { createHttpAsker } from '../load/http-asker.ts';
import { madeItems } from '../load/load-bodies.ts';
import type { LoadReport } from '../load/load-report.ts';
import { createLoadTally } from '../load/load-tally.ts';
import { sendLoad } from '../load/send-load.ts';
import { loadFigure } from '../output/load-figure.ts';
import { renderLoad } from '../output/render-load.ts';
import type { AloneContext, CommandResult } from './command.ts';

export interface LoadOptions {
  /** JSON file; the six phases without it. */
  readonly schedule: string | undefined;
  readonly speed: number;
  /** JSON file of a list of items; made ones without it. */
  readonly items: string | undefined;
  readonly connections: number;
  readonly retrySeconds: number;
  /** File that the figure is written to. */
  readonly figure: string | undefined;
  readonly endpoint: string | undefined;
}

const FIGURE_WIDTH = 892;
/** What is shown over time has so many parts, and none shorter than this. */
const SLICES = 120;
const SLICE_MS_MIN = 250;

const scheduleParser = createParser('the schedule', LoadSchedule);
const SCHEDULE_REMEDY = 'Write it so: {"phases": [{"seconds": 60, "requestsPerSecond": 100}]}.';

/** @throws {CommandError} */
export async function loadCommand(options: LoadOptions, context: AloneContext): Promise<CommandResult> {
  const { phases } = await readSchedule(options.schedule, context);
  const bodies = (await readItems(options.items, context)).map((item) => JSON.stringify(item));
  const address = await findEndpoint(options.endpoint, context.environment, context.workingDirectory);
  const arrivals = arrivalsOf(phases, options.speed);
  const sliceMs = Math.max(SLICE_MS_MIN, arrivals.totalMs / SLICES);
  const tally = createLoadTally(phases.length, arrivals.totalMs, sliceMs);
  const asker = createHttpAsker(address, bodies, options.connections);
  const startedAt = new Date().toISOString();
  try {
    await sendLoad(arrivals, tally, {
      ask: asker.ask,
      now: () => performance.now(),
      retryMs: options.retrySeconds * 1000,
      // What has no connection waits in this process; the wait counts either way.
      flightsMax: Number.POSITIVE_INFINITY,
      progress: (sent) => context.progress.note(`${sent} of ${arrivals.count} requests are sent`),
      signal: context.signal,
    });
  } finally {
    await asker.close();
  }
  const report: LoadReport = {
    endpoint: address.url,
    startedAt,
    speed: options.speed,
    isWhole: tally.total().requests === arrivals.count,
    total: tally.total(),
    phases: phases.map((phase, index) => ({ ...phase, ...tally.phase(index) })),
    reasons: tally.reasons(),
    clientLateMs: tally.clientLateMs(),
    slices: tally.slices(),
  };
  const figure =
    options.figure === undefined ? undefined : await writeFigure(report, options.figure, context);
  const { ok, shed, requests } = report.total;
  return {
    document: { ...report, ...(figure === undefined ? {} : { figure }) },
    text: renderLoad(report, figure),
    exitCode: ok + shed === requests && ok > 0 ? EXIT_CODES.ok : EXIT_CODES.failed,
  };
}

/** @throws {CommandError} `file-missing`, `bad-schedule` */
async function readSchedule(file: string | undefined, context: AloneContext): Promise<LoadSchedule> {
  if (file === undefined) return SIX_PHASES;
  const text = await readTextFile('schedule', file, context.workingDirectory);
  try {
    return scheduleParser.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${file} is no schedule: ${(cause as Error).message}`;
    throw new CommandError('bad-schedule', message, SCHEDULE_REMEDY, { cause });
  }
}

/** @throws {CommandError} `file-missing`, `bad-item` */
async function readItems(file: string | undefined, context: AloneContext): Promise<readonly unknown[]> {
  if (file === undefined) return madeItems();
  const text = await readTextFile('file of items', file, context.workingDirectory);
  const remedy = 'Give a JSON list with at least one item.';
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch (cause) {
    throw new CommandError('bad-item', `${file} is not JSON: ${(cause as Error).message}`, remedy, { cause });
  }
  if (Array.isArray(items) && items.length > 0) return items;
  throw new CommandError('bad-item', `${file} has no list of items`, remedy);
}

/** Where it lies. @throws {CommandError} `cannot-write` */
async function writeFigure(
  report: LoadReport,
  file: string,
  { workingDirectory }: AloneContext,
): Promise<string> {
  const path = resolve(workingDirectory, file);
  const figure = loadFigure(report);
  try {
    await writeFile(path, svgDocument(figure, FIGURE_WIDTH, figure.basis));
    return path;
  } catch (cause) {
    const message = `${file} can not be written: ${(cause as Error).message}`;
    throw new CommandError('cannot-write', message, 'Name a file in a folder that you may write to.', {
      cause,
    });
  }
}
