/** What stops a request: thrown where it is found, sent as a problem document by the one error handler of the app. */
import type { ProblemDocument } from '../../../schemas/http.ts';
import { PROBLEMS, type ProblemCode, problemType } from '../../../schemas/problems.ts';

type Members = Partial<Pick<ProblemDocument, 'faults' | 'reasons' | 'values'>>;

export interface ProblemOptions {
  /** What is wrong here and what to do. @default the table’s own sentences */
  readonly detail?: string;
  readonly members?: Members;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly members: Members;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, { detail, members = {}, headers = {}, cause }: ProblemOptions = {}) {
    const { meaning, remedy } = PROBLEMS[code];
    super(detail ?? `${meaning} ${remedy}`, { cause });
    this.name = 'ProblemError';
    this.code = code;
    this.members = members;
    this.headers = headers;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

export function problemDocument(error: ProblemError, requestId: string | undefined): ProblemDocument {
  const { code, message, members } = error;
  const { status, title } = PROBLEMS[code];
  return {
    type: problemType(code),
    title,
    status,
    code,
    detail: message,
    ...(requestId === undefined ? {} : { requestId }),
    ...members,
  };
}
