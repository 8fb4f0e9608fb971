/** What is read of the running system at one moment; the page is made of such readings alone. */
import type { Snapshot } from '../../core/metrics/registry.ts';
import type { DeadLetter } from '../../producer/commands/dead-letters.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import type { FleetMember } from '../fleet/fleet.ts';

export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Undefined where it could not be read; `faults` says why. */
  readonly queue: QueueReading | undefined;
  readonly fleet: FleetReading;
  /** Newest first; undefined where the ledger could not be read. */
  readonly jobs: readonly JobReading[] | undefined;
  /** Undefined while none is promoted. */
  readonly model: ModelReading | undefined;
  /** Undefined where no endpoint answers. */
  readonly endpoint: EndpointReading | undefined;
  /** What could not be read, a sentence each. */
  readonly faults: readonly string[];
}

export interface QueueReading {
  readonly waiting: number;
  readonly inFlight: number;
  readonly dead: number;
  /** Undefined for an empty queue. */
  readonly oldestSeconds: number | undefined;
  /** What was given up, the first of it. */
  readonly letters: readonly DeadLetter[];
}

export interface WorkerReading extends Omit<FleetMember, 'metricsAddress'> {
  /** Undefined while it does not answer. */
  readonly snapshot: Snapshot | undefined;
}

/** How many workers the backlog asks for, within its range. */
export interface DesiredWorkers {
  readonly desired: number;
  readonly least: number;
  readonly most: number;
}

export interface FleetReading {
  readonly workers: readonly WorkerReading[];
  /** Undefined where the number of workers is fixed. */
  readonly desired: DesiredWorkers | undefined;
}

export interface JobReading {
  readonly record: JobRecord;
  /** Undefined until the job is closed, and where closing wrote none. */
  readonly summary: JobSummary | undefined;
}

export interface ModelReading {
  readonly version: string;
  /** ISO 8601. */
  readonly promotedAt: string;
  /** What the model's card says of products of which every input is there; undefined where it says nothing. */
  readonly accuracy: number | undefined;
}

export interface EndpointReading {
  /** Of its page, for people. */
  readonly address: string;
  readonly snapshot: Snapshot;
}
