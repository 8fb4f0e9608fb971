/**
 * What goes wrong in one run, drawn from a seed: the same seed is the same plan. Which request meets a fault follows
 * from its number among those of its kind, not from the order in which different requests come.
 */
import { createRandom, type Random } from '../../trainer/random.ts';
import { type Operation, STEP_NAMES, type Step } from './operation.ts';

export type Fault =
  /** The connection breaks before the service has the request. */
  | { readonly kind: 'refuse' }
  /** The service does it, and the answer is lost. */
  | { readonly kind: 'lose answer' }
  /** Half of the answer comes, then the connection breaks, or is closed in good order. */
  | { readonly kind: 'cut answer' }
  | { readonly kind: 'half-close' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer comes in pieces, one every so often. */
  | { readonly kind: 'trickle'; readonly ms: number }
  /** The service has it twice; the second answer counts. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'error'; readonly status: 500 | 503 }
  /** The service does it, and says that it failed. */
  | { readonly kind: 'error after' }
  | { readonly kind: 'throttle' }
  /** Of a batch, one half is done and the other named as not done; as `throttle` where there is no batch. */
  | { readonly kind: 'partial batch' };

export interface Kill {
  readonly step: Step;
  /** Which time that the step is met, from 1. */
  readonly occurrence: number;
}

/** A service is away for all workers, as a server is that is started again with its state. */
export interface Outage extends Kill {
  readonly service: Operation['service'];
  readonly ms: number;
}

export interface FaultPlan {
  readonly seed: number;
  readonly workers: number;
  /** Of each request. */
  readonly probability: number;
  /** Faults after which the services are well again, so that every plan ends. */
  readonly faultsMax: number;
  /** One life each: the first worker to get there dies. */
  readonly kills: readonly Kill[];
  readonly outages: readonly Outage[];
  readonly receivesMax: number;
  /** By which the workers' clocks differ from each other, in milliseconds. */
  readonly clockSkewsMs: readonly number[];
}

const PROBABILITIES = [0.02, 0.05, 0.1, 0.2, 0.35];
const SKEW_MS_MAX = 2000;
const SERVICES: readonly Operation['service'][] = ['queue', 'store', 'table'];
/** Up to well above what the SDK tries again by itself. */
const OUTAGE_MS_MAX = 2000;

export function drawPlan(seed: number): FaultPlan {
  const random = createRandom(seed, 'fault plan');
  const workers = 1 + random.integer(3);
  return {
    seed,
    workers,
    probability: PROBABILITIES[random.integer(PROBABILITIES.length)] ?? 0,
    faultsMax: 10 + random.integer(60),
    kills: Array.from({ length: random.integer(4) }, () => drawKill(random)),
    // A few give up early, so that shards are buried and sent back.
    receivesMax: random.chance(0.3) ? 2 : 4,
    clockSkewsMs: Array.from({ length: workers }, () => Math.round((random.next() * 2 - 1) * SKEW_MS_MAX)),
    outages: Array.from({ length: random.integer(3) }, () => drawOutage(random)),
  };
}

function drawKill(random: Random): Kill {
  const step = STEP_NAMES[random.integer(STEP_NAMES.length)] ?? 'received';
  return { step, occurrence: 1 + random.integer(4) };
}

function drawOutage(random: Random): Outage {
  const service = SERVICES[random.integer(SERVICES.length)] ?? 'queue';
  return { ...drawKill(random), service, ms: 100 + random.integer(OUTAGE_MS_MAX) };
}

/** The fault that the `number`-th request of this name meets through one worker's connections, if any. */
export function faultFor(
  { seed, probability }: Pick<FaultPlan, 'seed' | 'probability'>,
  worker: number,
  name: string,
  number: number,
): Fault | undefined {
  const random = createRandom(seed, `fault ${worker} ${name} ${number}`);
  return random.chance(probability) ? drawFault(random) : undefined;
}

function drawFault(random: Random): Fault {
  const faults: readonly Fault[] = [
    { kind: 'refuse' },
    { kind: 'lose answer' },
    { kind: 'cut answer' },
    { kind: 'half-close' },
    { kind: 'delay', ms: 20 + random.integer(400) },
    { kind: 'trickle', ms: 5 + random.integer(30) },
    { kind: 'duplicate' },
    { kind: 'error', status: 500 },
    { kind: 'error', status: 503 },
    { kind: 'error after' },
    { kind: 'throttle' },
    { kind: 'partial batch' },
  ];
  return faults[random.integer(faults.length)] ?? { kind: 'refuse' };
}
