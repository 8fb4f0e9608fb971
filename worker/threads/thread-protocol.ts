/** What the worker's event loop and its grading threads say to each other. */
import type { ErrorRecord } from '../../core/errors.ts';
import type { FileCeilings } from '../../core/parquet/file-ceilings.ts';
import type { RowGroup } from '../../core/parquet/item-file.ts';
import type { RowCounts } from '../../schemas/counts.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { RowHistograms } from '../../schemas/histograms.ts';
import type { StepSeconds } from '../../schemas/ledger.ts';
import type { Mapping } from '../../schemas/mapping.ts';
import type { ShardMessage } from '../../schemas/messages.ts';
import type { Engine } from '../grading/scorer.ts';
import type { EngineChoice } from '../models/engine-choice.ts';
import type { Lease } from '../queue/lease.ts';
import type { ThreadSignals } from './thread-signals.ts';

export type ThreadTask =
  | { readonly kind: 'inspect'; readonly input: FileReference; readonly mapping: Mapping | undefined }
  | { readonly kind: 'grade'; readonly message: ShardMessage; readonly lease: Lease | undefined }
  | { readonly kind: 'check-model'; readonly version: string };

/** What planning needs to know of a file. */
export interface FileInspection {
  readonly rows: number;
  readonly rowGroups: readonly RowGroup[];
  readonly shape: string;
}

/** A shard whose parts and items are durable. Only a grading thread makes one; only it can be recorded. */
export interface WrittenShard {
  readonly kind: 'written';
  readonly message: ShardMessage;
  readonly counts: RowCounts;
  readonly outputs: { readonly grades: string | null; readonly rejects: string | null };
  readonly seconds: StepSeconds;
  /** Absent where the model has no bins to count by. */
  readonly histograms?: RowHistograms;
}

export type ThreadReply =
  | { readonly kind: 'ready' }
  | ModelLoaded
  | { readonly kind: 'inspected'; readonly inspection: FileInspection; readonly recycle: boolean }
  | { readonly kind: 'graded'; readonly shard: WrittenShard; readonly recycle: boolean }
  | { readonly kind: 'model-checked'; readonly recycle: boolean }
  | { readonly kind: 'failed'; readonly error: ErrorRecord; readonly recycle: boolean };

/** Said in the midst of a task: which engine runs a model that was loaded for it. */
export interface ModelLoaded {
  readonly kind: 'model-loaded';
  readonly version: string;
  readonly engine: Engine;
  /** Why it is ONNX Runtime although the kernel was to be tried. */
  readonly fallback: string | undefined;
}

/** What a thread is started with. */
export interface ThreadSettings {
  readonly dataBucket: string;
  readonly modelBucket: string;
  readonly gradesTable: string | undefined;
  readonly rowGroupBytesMax: number;
  readonly ceilings: FileCeilings;
  readonly retentionDays: number;
  readonly engine: EngineChoice;
  /** One Int32: 0, or 1 once shards must stop between two blocks. */
  readonly interrupt: SharedArrayBuffer;
  /** Of this thread alone. */
  readonly signals: ThreadSignals;
}
