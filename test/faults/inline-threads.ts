/** The grading threads' work on the caller's own thread: hundreds of workers live and die in a test without a thread each. */
import { NutrisageError } from '../../core/errors.ts';
import { openItemFile } from '../../core/parquet/open-item-file.ts';
import { gradeShard } from '../../worker/grading/grade-shard.ts';
import type { GradeSink } from '../../worker/grading/grade-sink.ts';
import type { Scorer } from '../../worker/grading/scorer.ts';
import { objectByteSource } from '../../worker/objects/object-byte-source.ts';
import type { ObjectStore } from '../../worker/objects/object-store.ts';
import { isLeaseHeld } from '../../worker/queue/lease.ts';
import type { ThreadPool } from '../../worker/threads/thread-pool.ts';

export interface InlineThreadsOptions {
  readonly store: ObjectStore;
  readonly dataBucket: string;
  readonly scorer: Scorer;
  readonly sink: GradeSink;
}

const ROW_GROUP_BYTES_MAX = 2 ** 24;

export function createInlineThreads(options: InlineThreadsOptions): ThreadPool {
  let ending = false;
  const stopIfEnding = (): void => {
    if (ending) throw new NutrisageError('interrupted', 'The worker is stopping.', 'Another takes it.');
  };
  return {
    async inspect(input, mapping) {
      stopIfEnding();
      const file = await openItemFile(objectByteSource(options.store, input), {
        name: `s3://${input.bucket}/${input.key}`,
        rowGroupBytesMax: ROW_GROUP_BYTES_MAX,
        ...(mapping === undefined ? {} : { mapping }),
      });
      try {
        return { rows: file.rowCount, rowGroups: file.rowGroups, shape: file.shape };
      } finally {
        file.close();
      }
    },
    async grade(message, lease) {
      stopIfEnding();
      return gradeShard(
        {
          ...options,
          bins: undefined,
          rowGroupBytesMax: ROW_GROUP_BYTES_MAX,
          now: () => performance.now(),
          interrupted: () => ending || !isLeaseHeld(lease, Date.now()),
        },
        message,
      );
    },
    async checkModel() {},
    use: () => ({ threads: 1, busyMs: 0, deaths: 0 }),
    interrupt() {
      ending = true;
    },
    refuseWaiting() {
      ending = true;
    },
    async stop() {
      ending = true;
    },
  };
}
