/** What the page shows at a moment: plain data, as it travels. Times are milliseconds since 1970, absent values null. */
import type { AlarmName } from '../../schemas/alarms.ts';
import type { DriftVerdict } from '../../schemas/drift-report.ts';
import type { Failure } from '../../schemas/file-reference.ts';
import type { AgreementCheck } from '../../schemas/job-summary.ts';
import type { JobState } from '../../schemas/ledger.ts';
import type { RunbookSection } from './runbook.ts';

/** Sent once to each page that connects. */
export interface PageStart {
  /** Of the stack: another one means that it was started anew. */
  readonly startedAt: number;
  readonly history: readonly HistoryPoint[];
  /** By the heading of their alarms. */
  readonly runbook: Readonly<Record<string, RunbookSection>>;
}

export interface PageView {
  readonly at: number;
  readonly flow: FlowView;
  readonly queue: QueueView | null;
  readonly rates: RatesView;
  readonly workers: WorkersView;
  readonly latency: LatencyView;
  readonly rejects: RejectsView;
  readonly jobs: readonly JobView[];
  readonly drift: DriftView;
  readonly agreement: readonly AgreementView[];
  readonly alarms: readonly AlarmView[];
  readonly model: ModelView | null;
  readonly endpoint: EndpointView | null;
  readonly faults: readonly string[];
  /** The same moment in the charts. */
  readonly point: HistoryPoint;
}

export interface HistoryPoint {
  readonly at: number;
  readonly rows: number;
  readonly shards: number;
  readonly waiting: number | null;
  readonly inFlight: number | null;
  readonly workers: number;
  readonly desired: number | null;
  readonly requests: number | null;
  /** Seconds. */
  readonly requestP50: number | null;
  readonly requestP99: number | null;
}

export interface FlowView {
  /** `stalled`: messages wait, and nobody takes them. */
  readonly kind: 'unknown' | 'idle' | 'working' | 'draining' | 'growing' | 'stalled';
  readonly sentence: string;
  readonly secondsLeft: number | null;
}

export interface QueueView {
  readonly waiting: number;
  readonly inFlight: number;
  readonly dead: number;
  readonly oldestSeconds: number | null;
  readonly letters: readonly LetterView[];
}

/** Work that was given up. */
export interface LetterView {
  readonly title: string;
  readonly job: string | null;
  readonly failure: Failure | null;
}

export interface RatesView {
  readonly rows: number;
  readonly shards: number;
}

export interface WorkersView {
  readonly ready: number;
  /** Null where the number is fixed. */
  readonly desired: { readonly desired: number; readonly least: number; readonly most: number } | null;
  readonly list: readonly WorkerView[];
}

export interface WorkerView {
  readonly name: string;
  readonly state: 'starting' | 'ready' | 'waiting' | 'stopped' | 'silent';
  readonly pid: number | null;
  readonly threads: number | null;
  readonly busyPercent: number | null;
  readonly rowsPerSecond: number;
  /** Longest of the last half minute, by the end of its bucket. */
  readonly delaySeconds: number | null;
  readonly memoryBytes: number | null;
  readonly model: string | null;
}

/** Of the last minutes; null without values. */
export interface LatencyView {
  readonly steps: readonly { readonly step: string; readonly seconds: number }[] | null;
  readonly waits: QuantilesView | null;
  readonly jobs: QuantilesView | null;
}

/** Seconds. */
export interface QuantilesView {
  readonly p50: number;
  readonly p99: number;
}

/** Since the start. */
export interface RejectsView {
  readonly rows: number;
  readonly rejected: number;
  readonly reasons: readonly { readonly reason: string; readonly rows: number; readonly sentence: string }[];
}

export interface JobView {
  readonly job: string;
  readonly title: string;
  readonly state: JobState;
  readonly submittedAt: string;
  readonly rows: number | null;
  readonly rowsFinished: number;
  readonly rowsRejected: number;
  readonly shards: number | null;
  readonly shardsFinished: number;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly tookSeconds: number | null;
  /** Rows of each grade, A to E. */
  readonly grades: readonly number[] | null;
  readonly drift: DriftVerdict | null;
  readonly failure: Failure | null;
  readonly failures: number;
  readonly hasReport: boolean;
}

/** Of the last closed jobs that were measured, the newest first. */
export interface DriftView {
  readonly jobs: readonly {
    readonly job: string;
    readonly title: string;
    readonly verdict: DriftVerdict;
    readonly headline: string;
  }[];
  readonly features: readonly DriftFeatureView[];
}

export interface DriftFeatureView {
  readonly feature: string;
  readonly label: string;
  /** One for each job. */
  readonly cells: readonly { readonly verdict: DriftVerdict; readonly sentence: string }[];
}

export interface AgreementView extends AgreementCheck {
  readonly job: string;
  readonly title: string;
  readonly agreement: number;
  readonly compared: number;
}

export interface AlarmView {
  readonly name: AlarmName;
  readonly heading: string;
  readonly severity: 'page' | 'ticket' | 'notice';
  readonly sentence: string;
  readonly state: 'ok' | 'alarm';
  readonly since: number;
  readonly clearsAt: number | null;
  /** What is measured, its value and its limit, such as `Retries of Messages in 5 min: 12 %, alarm above 10 %`. */
  readonly rule: string;
  readonly value: string;
}

export interface ModelView {
  readonly version: string;
  readonly promotedAt: string;
  readonly accuracy: number | null;
  /** Workers that are ready and use another one. */
  readonly others: number;
}

export interface EndpointView {
  readonly address: string;
  readonly requestsPerSecond: number;
  readonly inFlight: number | null;
  readonly latency: QuantilesView | null;
  /** Answers of the last minutes by the first digit of their status, such as `2xx`. */
  readonly statuses: readonly { readonly status: string; readonly count: number }[];
  readonly shed: number;
  readonly errors: number;
  readonly model: string | null;
}
