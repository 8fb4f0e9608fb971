/** `docs/errors.md` explains every code to users; `core/errors.ts` and, for the endpoint, `schemas/problems.ts` have them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../core/errors.ts';
import { PROBLEMS } from '../../schemas/problems.ts';

interface ExplainedCode {
  readonly code: string;
  readonly disposition: string;
  readonly meaning: string;
  readonly remedy: string;
}

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

const [ofJobs = '', ofEndpoint = ''] = page.split('\n## Of the HTTP endpoint\n');

function explainedCodes(part: string): ExplainedCode[] {
  const rows = part.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [code = '', disposition = '', meaning = '', remedy = ''] = row.slice(2, -2).split(' | ');
    return { code: code.replaceAll('`', ''), disposition, meaning, remedy };
  });
}

describe('the page of error codes', () => {
  it('explains every code that there is, each once, in their order', () => {
    expect(explainedCodes(ofJobs).map(({ code }) => code)).toEqual(Object.keys(ERROR_CODES));
  });

  it('says of each what happens next, as the program does', () => {
    const told = Object.fromEntries(
      explainedCodes(ofJobs).map(({ code, disposition }) => [code, disposition]),
    );
    expect(told).toEqual(ERROR_CODES);
  });

  it('says of each what it means and what to do, in sentences', () => {
    for (const { code, meaning, remedy } of explainedCodes(ofJobs)) {
      for (const text of [meaning, remedy]) expect(text, code).toMatch(/^[A-Z].{5,}\.$/);
    }
  });

  it('tells of the endpoint’s problems what the endpoint itself does', () => {
    const told = explainedCodes(ofEndpoint).map(({ code, disposition, meaning, remedy }) => [
      code,
      { status: Number(disposition), meaning, remedy },
    ]);
    const own = Object.entries(PROBLEMS).map(([code, { status, meaning, remedy }]) => [
      code,
      { status, meaning, remedy },
    ]);
    expect(told).toEqual(own);
  });
});
