/**
 * Takes single items and lists, and grades them in turns of the event loop.
 *
 * Single items wait for the end of the turn they came in and are scored together (`setImmediate` follows the reading of
 * sockets): the kernel takes 7 µs for one row and 2 for each of thirty. A list is cut into slices, of which one is done a
 * turn, each list in its place in a round: a list of a thousand never holds the loop, and a single item waits behind one
 * slice at most.
 */
import type { ItemFault, RejectedItem } from '../../../schemas/http.ts';
import type { OutcomeSink, Slice, SliceGrader } from './grade-slice.ts';
import type { ServingModel } from './serving-model.ts';

/** Takes the outcome of a single item by the ticket that it was handed in with. */
export interface SingleSink<Ticket> {
  graded(ticket: Ticket, text: string): void;
  rejected(ticket: Ticket, outcome: RejectedItem): void;
  invalid(ticket: Ticket, faults: readonly ItemFault[]): void;
  /** What was told of it before, if anything was, holds. */
  failed(ticket: Ticket, error: unknown): void;
}

/** A list, or a single item that takes long: it is graded in slices. */
export interface DeskJob extends OutcomeSink {
  /** Makes the values in a turn of its own: parsing a megabyte takes some milliseconds. @throws what `failed` then takes */
  readonly parse: () => readonly unknown[];
  readonly isExplained: boolean;
  /** False once nobody waits for it. */
  readonly isWanted: () => boolean;
  /** All outcomes were told. */
  done(model: ServingModel): void;
  failed(error: unknown): void;
}

export interface GradingDesk<Ticket> {
  gradeOne(value: unknown, ticket: Ticket): void;
  /** @param rows how many it may have, as far as is known before it is parsed */
  gradeMany(job: DeskJob, rows: number): void;
  /** How long what waits will take, in milliseconds, by what rows took of late. */
  waitMs(): number;
}

export interface GradingDeskPorts<Ticket> {
  readonly grader: SliceGrader;
  /** @throws what the items then fail with, while there is none. */
  readonly model: () => ServingModel;
  readonly singles: SingleSink<Ticket>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back after the sockets were read. @default setImmediate */
  readonly later?: (turn: () => void) => void;
}

/** A slice takes about a millisecond. */
const SLICE_ROWS = 200;
/** Explaining one row takes about as long. */
const EXPLAINED_SLICE_ROWS = 2;
const EXPLAINED_WEIGHT = SLICE_ROWS / EXPLAINED_SLICE_ROWS;
/** What a row takes before any was timed. */
const FIRST_ROW_MS = 0.01;
/** Share of the newest turn in the mean. */
const SMOOTHING = 0.05;

interface RunningJob {
  readonly job: DeskJob;
  /** What it adds to what waits, in rows of a plain item. */
  weight: number;
  values: readonly unknown[] | undefined;
  next: number;
  /** One for all its slices, whatever is promoted meanwhile. */
  readonly model: ServingModel;
}

export function createGradingDesk<Ticket>(ports: GradingDeskPorts<Ticket>): GradingDesk<Ticket> {
  const { grader, singles, now } = ports;
  const later = ports.later ?? setImmediate;
  /** Came since the last turn. */
  let values: unknown[] = [];
  let tickets: Ticket[] = [];
  /** Those of the slice that is being graded. */
  let takenTickets: readonly Ticket[] = [];
  /** The first has the next slice. */
  const running: RunningJob[] = [];
  let runningWeight = 0;
  let rowMs = FIRST_ROW_MS;
  let isScheduled = false;
  /** While a scorer that does not answer within the turn has a slice. */
  let isBusy = false;

  const singleSink: OutcomeSink = {
    graded: (place, text) => singles.graded(takenTickets[place] as Ticket, text),
    rejected: (place, outcome) => singles.rejected(takenTickets[place] as Ticket, outcome),
    invalid: (place, faults) => singles.invalid(takenTickets[place] as Ticket, faults),
  };

  function schedule(): void {
    const isDue = values.length > 0 || running.length > 0;
    if (!isDue || isScheduled || isBusy) return;
    isScheduled = true;
    later(turn);
  }

  function turn(): void {
    isScheduled = false;
    const start = now();
    const weightBefore = values.length + runningWeight;
    const pending = gradeSingles();
    const rest = pending === undefined ? gradeNextSlice() : pending.then(gradeNextSlice);
    if (rest === undefined) {
      learn(now() - start, weightBefore - values.length - runningWeight);
      schedule();
      return;
    }
    isBusy = true;
    void rest.then(() => {
      isBusy = false;
      schedule();
    });
  }

  function learn(ms: number, weight: number): void {
    if (weight > 0) rowMs += SMOOTHING * (ms / weight - rowMs);
  }

  function gradeSingles(): Promise<void> | undefined {
    if (values.length === 0) return undefined;
    const taken = values.length <= grader.capacity ? values : values.splice(0, grader.capacity);
    takenTickets = taken === values ? tickets : tickets.splice(0, grader.capacity);
    if (taken === values) {
      values = [];
      tickets = [];
    }
    return attempt(
      () => ({ values: taken, first: 0, end: taken.length, model: ports.model(), isExplained: false }),
      singleSink,
      (error) => {
        for (const ticket of takenTickets) singles.failed(ticket, error);
      },
    );
  }

  /** One step of the first list, which then goes to the end of the round. */
  function gradeNextSlice(): Promise<void> | undefined {
    const one = running.shift();
    if (one === undefined) return undefined;
    const { job, model } = one;
    runningWeight -= one.weight;
    if (!job.isWanted()) return undefined;
    if (one.values === undefined) return parseJob(one);
    const end = Math.min(one.values.length, one.next + sliceRows(job));
    const slice = { values: one.values, first: one.next, end, model, isExplained: job.isExplained };
    let hasFailed = false;
    const pending = attempt(
      () => slice,
      job,
      (error) => {
        hasFailed = true;
        job.failed(error);
      },
    );
    const goOn = (): void => {
      if (hasFailed) return;
      one.next = end;
      if (end < (one.values?.length ?? 0)) queue(one);
      else finish(one);
    };
    if (pending !== undefined) return pending.then(goOn);
    goOn();
    return undefined;
  }

  function finish({ job, model }: RunningJob): void {
    try {
      job.done(model);
    } catch (error) {
      job.failed(error);
    }
  }

  function parseJob(one: RunningJob): undefined {
    try {
      one.values = one.job.parse();
      queue(one);
    } catch (error) {
      one.job.failed(error);
    }
  }

  function queue(one: RunningJob): void {
    if (one.values !== undefined) one.weight = (one.values.length - one.next) * rowWeight(one.job);
    runningWeight += one.weight;
    running.push(one);
  }

  /** Grades a slice; what goes wrong with it is the failure of its items alone. */
  function attempt(
    slice: () => Slice,
    sink: OutcomeSink,
    failed: (error: unknown) => void,
  ): Promise<void> | undefined {
    try {
      return grader.grade(slice(), sink)?.catch(failed);
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  return {
    gradeOne(value, ticket) {
      values.push(value);
      tickets.push(ticket);
      schedule();
    },
    gradeMany(job, rows) {
      queue({ job, weight: rows * rowWeight(job), values: undefined, next: 0, model: ports.model() });
      schedule();
    },
    waitMs: () => (values.length + runningWeight) * rowMs,
  };
}

function sliceRows({ isExplained }: DeskJob): number {
  return isExplained ? EXPLAINED_SLICE_ROWS : SLICE_ROWS;
}

function rowWeight({ isExplained }: DeskJob): number {
  return isExplained ? EXPLAINED_WEIGHT : 1;
}
