/** Writes what was counted to standard output once a minute, for CloudWatch Logs to make metrics of. */
import type { Registry, Snapshot } from '../../core/metrics/registry.ts';
import { type EmfContext, renderEmf } from '../../core/metrics/render-emf.ts';
import { snapshotDelta } from '../../core/metrics/snapshot-delta.ts';

export interface EmfWriterOptions {
  readonly registry: Registry;
  /** Brings gauges up to date. */
  readonly refresh: () => void;
  /** Takes one line, its end included. */
  readonly write: (line: string) => void;
  readonly clock: () => Date;
  readonly seconds: number;
  readonly context: Omit<EmfContext, 'timestamp'>;
}

export interface EmfWriter {
  /** Writes what was counted since the last time, for good. */
  stop(): void;
}

export function startEmfWriter(options: EmfWriterOptions): EmfWriter {
  let before: Snapshot = [];
  const writeDocuments = (): void => {
    options.refresh();
    const after = options.registry.snapshot();
    const context = { ...options.context, timestamp: options.clock().getTime() };
    for (const document of renderEmf(snapshotDelta(before, after), context)) options.write(`${document}\n`);
    before = after;
  };
  const timer = setInterval(writeDocuments, options.seconds * 1000);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      writeDocuments();
    },
  };
}
