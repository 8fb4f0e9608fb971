/** Stands for the grading threads: answers what a test set up, and throws on everything else. */
import type { FileReference } from '../../schemas/file-reference.ts';
import type { Mapping } from '../../schemas/mapping.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import type { ThreadPool } from '../../worker/threads/thread-pool.ts';
import type { FileInspection, WrittenShard } from '../../worker/threads/thread-protocol.ts';

type Inspect = (input: FileReference, mapping: Mapping | undefined) => Promise<FileInspection>;
type Grade = (message: ShardMessage) => Promise<WrittenShard>;

export interface FakeThreads extends Pick<ThreadPool, 'inspect' | 'grade'> {
  onInspect(key: string, inspect: Inspect): void;
  onGrade(job: string, shard: number, grade: Grade): void;
}

export function createFakeThreads(): FakeThreads {
  const inspections = new Map<string, Inspect>();
  const gradings = new Map<string, Grade>();
  return {
    onInspect: (key, inspect) => void inspections.set(key, inspect),
    onGrade: (job, shard, grade) => void gradings.set(`${job} ${shard}`, grade),
    async inspect(input, mapping) {
      const inspect = inspections.get(input.key);
      if (inspect === undefined) throw new Error(`No inspection of ${input.key} was set up.`);
      return inspect(input, mapping);
    },
    async grade(message) {
      const grade = gradings.get(`${message.job} ${message.shard}`);
      if (grade === undefined) throw new Error(`No grading of ${message.job} ${message.shard} was set up.`);
      return grade(message);
    },
  };
}

/** An inspection of a file with row groups of these rows. */
export function inspection(...rows: readonly number[]): FileInspection {
  return {
    rows: rows.reduce((sum, count) => sum + count, 0),
    rowGroups: rows.map((count) => ({ rows: count, bytes: count * 100 })),
    shape: 'flat',
  };
}
