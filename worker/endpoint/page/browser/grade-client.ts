/** What the page asks of the endpoint. */
import type { GradedItem, GradingsResponse, ProblemDocument, Readiness } from '../../../../schemas/http.ts';

export type GradeAnswer =
  | { readonly kind: 'graded'; readonly item: GradedItem }
  | { readonly kind: 'problem'; readonly problem: ProblemDocument };

export type LookupAnswer =
  | { readonly kind: 'found'; readonly gradings: GradingsResponse }
  | { readonly kind: 'problem'; readonly problem: ProblemDocument };

/** Not every model can be explained, and another one may be promoted while the page is open. Undefined until it is told. */
let explains: boolean | undefined;

async function isExplained(): Promise<boolean> {
  if (explains !== undefined) return explains;
  const readiness = (await (await fetch('/health/ready')).json()) as Readiness;
  // One that is not ready has no model to tell of, and one that is away says nothing: the next item asks again.
  if (readiness.status === 'ready') explains = readiness.explains === true;
  return explains === true;
}

export async function gradeItem(item: object, signal: AbortSignal): Promise<GradeAnswer> {
  const response = await fetch((await isExplained()) ? '/grade?explain=true' : '/grade', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(item),
    signal,
  });
  if (response.ok) return { kind: 'graded', item: (await response.json()) as GradedItem };
  const problem = (await response.json()) as ProblemDocument;
  if (problem.code !== 'not-explainable') return { kind: 'problem', problem };
  explains = false;
  return gradeItem(item, signal);
}

export async function lookUp(code: string, signal: AbortSignal): Promise<LookupAnswer> {
  const response = await fetch(`/grades/${encodeURIComponent(code)}`, { signal });
  if (response.ok) return { kind: 'found', gradings: (await response.json()) as GradingsResponse };
  return { kind: 'problem', problem: (await response.json()) as ProblemDocument };
}
