/** What the commands need of the world. The adapters throw `NutrisageError` or `CommandError` alone. */
import type { FileReference } from '../../schemas/file-reference.ts';
import type { GradeItem } from '../../schemas/grades-dataset.ts';
import type { JobRecord, ShardRecord } from '../../schemas/ledger.ts';
import type { LocalFile } from '../inputs/local-files.ts';
import type { LogLine } from '../logs/log-line.ts';

export interface ObjectStore {
  /** The object, or none. @throws `bucket-missing`, `access-denied`, `store-unavailable` */
  head(bucket: string, key: string): Promise<FileReference | undefined>;
  /** All objects below a prefix, in the order of their keys. @throws `bucket-missing` */
  list(bucket: string, prefix: string): Promise<readonly FileReference[]>;
  /** Bytes `start … end` (end excluded). */
  readRange(object: FileReference, start: number, end: number): Promise<Uint8Array>;
  /** Uploads a file whose content must have this SHA-256. @throws `file-changed` when it has not. */
  upload(bucket: string, key: string, file: LocalFile, sha256: string, signal: AbortSignal): Promise<void>;
  /** The object's text, or none. */
  readText(bucket: string, key: string): Promise<string | undefined>;
  /** Writes the object to a local file, which appears whole or not at all; its bytes, or none where it is missing. */
  download(bucket: string, key: string, path: string): Promise<number | undefined>;
}

/** The ledger, for reading: only workers write it. */
export interface JobLedger {
  job(job: string): Promise<JobRecord | undefined>;
  shard(job: string, shard: number): Promise<ShardRecord | undefined>;
  failedShards(job: string): Promise<readonly ShardRecord[]>;
  /** Newest first. */
  recentJobs(limit: number): Promise<readonly JobRecord[]>;
}

export interface GradeHistory {
  /** Gradings of one product, newest first. */
  gradings(code: string, limit: number): Promise<readonly GradeItem[]>;
}

export interface JobsQueue {
  send(body: string): Promise<void>;
}

/** One copy of a message as received; hidden from others until it is released, removed or its time is over. */
export interface BuriedMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  /** Values of the attributes that the worker sets, by their names. */
  readonly attributes: Readonly<Record<string, string>>;
  /** When it came to the dead-letter queue, ISO 8601. */
  readonly buriedAt: string | undefined;
}

export interface DeadLetterQueue {
  /** Every message that is visible, each hidden for a short while. */
  receiveAll(): Promise<readonly BuriedMessage[]>;
  /** Makes messages visible again within a second. */
  release(messages: readonly BuriedMessage[]): Promise<void>;
  remove(messages: readonly BuriedMessage[]): Promise<void>;
}

/** The logs of a stack on this machine. */
export interface LogFiles {
  /** Folder that they lie in, for people. */
  readonly directory: string;
  /** Lines that may be of a job: those that hold one of the given texts, in no order. */
  linesWith(texts: readonly string[]): AsyncIterable<LogLine>;
  /** A line of the command itself; that it can not be written stops nothing. */
  append(line: LogLine): Promise<void>;
}

/** Everything that commands reach outside of this process, as settled by the configuration. */
export interface Services {
  readonly dataBucket: string;
  readonly store: ObjectStore;
  readonly ledger: JobLedger;
  /** Absent where no grades table is configured. */
  readonly grades: GradeHistory | undefined;
  readonly jobsQueue: JobsQueue;
  readonly deadLetters: DeadLetterQueue;
  /** Absent where no stack runs on this machine. */
  readonly logs: LogFiles | undefined;
}
