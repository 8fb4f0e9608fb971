/** What the page asks of the endpoint. */
import type { GradedItem, GradingsResponse, ProblemDocument, Readiness } from '../../../../schemas/http.ts';

export type GradeAnswer =
  | { readonly kind: 'graded'; readonly item: GradedItem }
  | { readonly kind: 'problem'; readonly problem: ProblemDocument };

export type LookupAnswer =
  | { readonly kind: 'found'; readonly gradings: GradingsResponse }
  | { readonly kind: 'problem'; readonly problem: ProblemDocument };

/** Not every model can be explained, and another one may be promoted while the page is open. */
let explains: Promise<boolean> | undefined;

async function askReadiness(): Promise<boolean> {
  const readiness = (await (await fetch('/health/ready')).json()) as Readiness;
  return readiness.explains === true;
}

export async function gradeItem(item: object, signal: AbortSignal): Promise<GradeAnswer> {
  explains ??= askReadiness();
  const response = await fetch((await explains) ? '/grade?explain=true' : '/grade', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(item),
    signal,
  });
  if (response.ok) return { kind: 'graded', item: (await response.json()) as GradedItem };
  const problem = (await response.json()) as ProblemDocument;
  if (problem.code !== 'not-explainable') return { kind: 'problem', problem };
  explains = Promise.resolve(false);
  return gradeItem(item, signal);
}

export async function lookUp(code: string): Promise<LookupAnswer> {
  const response = await fetch(`/grades/${encodeURIComponent(code)}`);
  if (response.ok) return { kind: 'found', gradings: (await response.json()) as GradingsResponse };
  return { kind: 'problem', problem: (await response.json()) as ProblemDocument };
}
