/** What every log line about a job's work carries, so that one search finds it in the logs of all programs. */
export interface Trace {
  readonly job: string;
  /** Of the submission or event behind it. */
  readonly correlation?: string;
}

/** The trace of whatever is of a job: its record, or a message. */
export function traceOf(of: { readonly job: string; readonly correlation?: string | undefined }): Trace {
  const { job, correlation } = of;
  return correlation === undefined ? { job } : { job, correlation };
}
