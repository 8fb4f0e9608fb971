/** What the worker counts of its work, by the table of schemas/metrics.ts. */
import type { Registry } from '../../core/metrics/registry.ts';
import type { RowCounts } from '../../schemas/counts.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import type { ShardRecord, StepSeconds } from '../../schemas/ledger.ts';
import type { Delivery, Settlement } from '../queue/work-queue.ts';
import { countFindings } from './count-findings.ts';

export interface WorkerMeter {
  /** A delivery has come. @param now milliseconds since 1970 */
  taken(delivery: Delivery, now: number): void;
  settled(settlement: Settlement): void;
  /** A shard's end is in the ledger, by this worker: so each counts once in the whole fleet. */
  shardRecorded(record: ShardRecord): void;
  /** A job was closed, by this worker. */
  jobClosed(summary: JobSummary): void;
  /** A job stands still, as the worker that looks for such jobs sees it. */
  stoodStill(): void;
}

const STEPS: readonly (keyof StepSeconds)[] = ['read', 'grade', 'write', 'items'];

export function createWorkerMeter(registry: Registry): WorkerMeter {
  return {
    taken({ receiveCount, sentAt }, now) {
      // A message that comes again has waited for its own retry, which says nothing of the backlog.
      if (receiveCount === 1 && sentAt !== undefined)
        registry.observe('MessageWait', Math.max(0, now - sentAt) / 1000);
    },
    settled({ kind }) {
      registry.add('Messages', 1, { Settlement: kind });
      if (kind === 'retry') registry.add('Retries', 1);
      if (kind === 'bury') registry.add('DeadLetters', 1);
    },
    shardRecorded({ state, counts, seconds }) {
      registry.add('ShardsFinished', 1, { State: state });
      if (counts !== undefined) countRows(registry, counts);
      if (seconds === undefined) return;
      for (const step of STEPS) registry.observe('StepTime', seconds[step], { Step: step });
    },
    jobClosed({ state, seconds, drift, agreementCheck }) {
      registry.add('JobsClosed', 1, { State: state });
      registry.observe('JobTime', seconds);
      countFindings(registry, drift, agreementCheck);
    },
    stoodStill() {
      registry.add('StandstillSightings', 1);
    },
  };
}

/** The rows of a shard. */
function countRows(registry: Registry, counts: RowCounts): void {
  registry.add('RowsRead', counts.rows);
  registry.add('RowsGraded', counts.official, { Source: 'official' });
  registry.add('RowsGraded', counts.model, { Source: 'model' });
  registry.add('RowsRejected', counts.rejected);
  registry.add('RowsCompared', counts.compared);
  registry.add('RowsAgreed', counts.agreed);
  for (const [reason, rows] of Object.entries(counts.rejectReasons))
    registry.add('RejectReasons', rows, { Reason: reason });
}
