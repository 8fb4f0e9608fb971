/** The page: what is typed is graded while one types. */
import type { GradedItem, ProblemDocument } from '../../../../schemas/http.ts';
import { pageData } from './data.ts';
import { byId, element } from './elements.ts';
import { gradeItem, lookUp } from './grade-client.ts';
import { decimal, readPasted } from './paste.ts';
import { gradeDetails, gradingDetails, problemDetails } from './render-details.ts';

const product = byId('product', HTMLFormElement);
const lookup = byId('lookup', HTMLFormElement);
const scale = byId('scale', HTMLDivElement);
const verdict = byId('verdict', HTMLParagraphElement);
const details = byId('details', HTMLElement);
const paste = byId('paste', HTMLTextAreaElement);
const pasteNote = byId('paste-note', HTMLParagraphElement);

const TYPING_MS = 200;
const NOTHING_YET = 'Type what is on the label, or try an example.';

const inputs = [...product.querySelectorAll('input')];
const isAmount = (input: HTMLInputElement): boolean => input.inputMode === 'decimal';

/** Fields that are filled, as an item; marks those that hold no number. Undefined where one does. */
function readForm(): Record<string, unknown> | undefined {
  const item: Record<string, unknown> = {};
  let isReadable = true;
  for (const input of inputs) {
    if (input.type === 'checkbox') {
      if (input.checked) item[input.name] = true;
      continue;
    }
    const text = input.value.trim();
    const value = isAmount(input) ? decimal(text) : text;
    const isWrong = text !== '' && Number.isNaN(value);
    input.toggleAttribute('aria-invalid', false);
    if (isWrong) input.setAttribute('aria-invalid', 'true');
    if (isWrong) isReadable = false;
    else if (text !== '') item[input.name] = value;
  }
  return isReadable ? item : undefined;
}

function show(
  grade: string | undefined,
  words: readonly (Node | string)[],
  below: readonly Node[],
  isBad = false,
): void {
  scale.classList.toggle('none', grade === undefined);
  scale.setAttribute(
    'aria-label',
    grade === undefined ? 'No grade' : `Grade ${grade.toUpperCase()} of A to E`,
  );
  for (const part of scale.children) part.classList.toggle('on', part.getAttribute('data-grade') === grade);
  verdict.classList.toggle('bad', isBad);
  verdict.replaceChildren(...words);
  details.replaceChildren(...below);
}

function strong(text: string): HTMLElement {
  return element('strong', {}, text);
}

function verdictOf({ grade, official, model }: GradedItem): (Node | string)[] {
  const letter = grade.toUpperCase();
  const models = model.grade.toUpperCase();
  const says = model.grade === grade ? 'The model says so too.' : `The model would say ${models}.`;
  if (official === null) {
    return [
      strong(`${letter}, by the model.`),
      ' The published rules give no grade here: they need a category, energy, fat, saturated fat, sugars, proteins and salt.',
    ];
  }
  if (official.status === 'final')
    return [strong(`${letter}, by the published rules`), `, with a score of ${official.score}. ${says}`];
  return [
    strong(`${letter}, by the model.`),
    ` The rules give ${official.grade.toUpperCase()} so far, with a score of ${official.score}: what is not given could change it.`,
  ];
}

function showProblem(problem: ProblemDocument): void {
  const isListed = problem.reasons !== undefined || problem.faults !== undefined;
  show(
    undefined,
    [strong(`${problem.title}.`), isListed ? '' : ` ${problem.detail}`],
    problemDetails(problem),
    true,
  );
}

/** Of what was asked last: an answer to what was asked before it comes too late. */
let asking = new AbortController();

function askAnew(): AbortSignal {
  asking.abort();
  asking = new AbortController();
  return asking.signal;
}

async function grade(): Promise<void> {
  const signal = askAnew();
  const item = readForm();
  if (item === undefined) {
    show(
      undefined,
      [strong('One field holds no number.'), ' Use digits, with a point or a comma.'],
      [],
      true,
    );
    return;
  }
  if (Object.keys(item).length === 0) {
    show(undefined, [NOTHING_YET], []);
    return;
  }
  await unlessAborted(async () => {
    const answer = await gradeItem(item, signal);
    if (signal.aborted) return;
    if (answer.kind === 'graded') show(answer.item.grade, verdictOf(answer.item), gradeDetails(answer.item));
    else showProblem(answer.problem);
  });
}

async function unlessAborted(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    show(
      undefined,
      [strong('The endpoint does not answer.'), ' Is `npm run local` still running?'],
      [],
      true,
    );
  }
}

async function find(code: string): Promise<void> {
  const signal = askAnew();
  await unlessAborted(async () => {
    const answer = await lookUp(code, signal);
    if (signal.aborted) return;
    if (answer.kind === 'problem') {
      showProblem(answer.problem);
      return;
    }
    const { latest } = answer.gradings;
    const by = latest.source === 'official' ? 'by the published rules' : 'by the model';
    const when = new Date(latest.gradedFor).toLocaleDateString(undefined, { dateStyle: 'long' });
    const score = latest.official === null ? '' : `, with a score of ${latest.official.score}`;
    show(
      latest.grade,
      [strong(`${latest.grade.toUpperCase()}, ${by}`), `${score}: product ${code}, graded on ${when}.`],
      gradingDetails(answer.gradings),
    );
  });
}

function fill(values: Readonly<Record<string, unknown>>): number {
  let filled = 0;
  for (const input of inputs) {
    const value = values[input.name];
    if (value === undefined) continue;
    if (input.type === 'checkbox') input.checked = value === true || value === 'true';
    else input.value = String(value);
    filled += 1;
  }
  return filled;
}

let typing: ReturnType<typeof setTimeout> | undefined;
product.addEventListener('input', (event) => {
  if (event.target === paste) return;
  clearTimeout(typing);
  typing = setTimeout(() => void grade(), TYPING_MS);
});
product.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(typing);
  void grade();
});
product.addEventListener('reset', () => {
  // The fields are emptied after this event.
  setTimeout(() => {
    pasteNote.textContent = '';
    void grade();
  });
});
lookup.addEventListener('submit', (event) => {
  event.preventDefault();
  const code = new FormData(lookup).get('code');
  if (typeof code === 'string' && code !== '') void find(code);
});
for (const button of product.querySelectorAll<HTMLButtonElement>('[data-example]')) {
  button.addEventListener('click', () => {
    product.reset();
    fill(pageData.examples[button.dataset['example'] ?? ''] ?? {});
    setTimeout(() => void grade());
  });
}
byId('read-paste', HTMLButtonElement).addEventListener('click', () => {
  const values = readPasted(
    paste.value,
    inputs.map(({ name }) => name),
  );
  const filled = fill(values);
  pasteNote.textContent =
    filled === 0 ? 'Nothing of a label was found in it.' : `${filled} fields are filled in.`;
  if (filled > 0) void grade();
});
byId('category-names', HTMLDataListElement).append(
  ...pageData.categories.map((name) => element('option', { value: name })),
);
