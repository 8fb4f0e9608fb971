/** The two services as the simulation sees them: the endpoint by its requests, the workers by their queue. */
import type { ServiceSecond, SimulatedService } from './simulate.ts';
import { rateAt, type TrafficPhase } from './traffic.ts';

export interface RequestServiceOptions {
  readonly phases: readonly TrafficPhase[];
  /** Requests a second that keep one task at 100 %. */
  readonly requestsPerTask: number;
}

/** Requests shared out evenly; what is beyond all tasks is refused, and waits for nothing. */
export function requestService({ phases, requestsPerTask }: RequestServiceOptions): SimulatedService {
  return {
    step({ at, running }) {
      const rate = rateAt(phases, at);
      const served = Math.min(rate, running * requestsPerTask);
      const waiting = rate - served;
      if (running === 0) return { readings: {}, waiting, busyTasks: 0 };
      const perTask = served / running;
      return {
        readings: { 'cpu-percent': (100 * perTask) / requestsPerTask, 'requests-per-task': perTask },
        waiting,
        busyTasks: rate > 0 ? running : 0,
      };
    },
  };
}

export interface QueueServiceOptions {
  /** Messages that arrive in the second that begins at `at`. */
  readonly arrivals: (at: number) => number;
  /** Messages that one task has done in a second. */
  readonly messagesPerTask: number;
  /** Messages that a task has at once. */
  readonly window: number;
  /** That all tasks together can not pass in the second that begins at `at`, such as what the table takes. @default none */
  readonly messagesPerSecondMax?: (at: number) => number;
}

/** One queue; a message counts until it is done. */
export function queueService(options: QueueServiceOptions): SimulatedService {
  const {
    arrivals,
    messagesPerTask,
    window,
    messagesPerSecondMax = () => Number.POSITIVE_INFINITY,
  } = options;
  let backlog = 0;
  return {
    step({ at, running, desired }): ServiceSecond {
      backlog += arrivals(at);
      const done = Math.min(backlog, running * messagesPerTask, messagesPerSecondMax(at));
      const share = running === 0 ? 0 : done / (running * messagesPerTask);
      backlog -= done;
      const inFlight = Math.min(backlog, running * window);
      return {
        readings: {
          ...(running === 0 ? {} : { 'cpu-percent': 100 * share }),
          'backlog-per-task': backlog / Math.max(1, desired),
        },
        waiting: backlog - inFlight,
        busyTasks: Math.ceil(inFlight / window),
      };
    },
  };
}

/** Messages that are not done, of a sample of a queue. */
export function backlogOf({ readings, desired }: ServiceSecond & { readonly desired: number }): number {
  return (readings['backlog-per-task'] ?? 0) * Math.max(1, desired);
}
