/** `docs/models.md` tells users of gates, limits and errors; the code has them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PARITY_DIFFERENCE_MAX } from '../../../trainer/onnx/onnx-parity.ts';
import {
  BRANCHES_MAX_DEFAULT,
  GATE_METRICS,
  GATES,
  MARGIN_DEFAULT,
} from '../../../trainer/registry/gates.ts';
import { REGISTRY_ERROR_CODES } from '../../../trainer/registry/registry-error.ts';
import { POINTER_SECONDS } from '../../../worker/models/current-model.ts';

const page = readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8');

/** Cells of the table below a heading whose first cell is code. */
function tableBelow(heading: string): string[][] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.slice(2, -2).replaceAll('`', '').split(' | '));
}

describe('the page of models', () => {
  it('has every gate in its order, and says which yield to force', () => {
    const told = tableBelow('Gates').map(([gate, , force]) => ({ gate, force: force?.trim() }));
    expect(told).toEqual(
      GATES.map(({ name, yieldsToForce }) => ({ gate: name, force: yieldsToForce ? 'yes' : 'no' })),
    );
  });

  it('has every code of an error with its exit code', () => {
    const told = Object.fromEntries(tableBelow('Errors').map(([code, exit]) => [code, Number(exit)]));
    expect(told).toEqual(REGISTRY_ERROR_CODES);
  });

  it('states the limits and metrics as they are', () => {
    expect(page).toContain(`more than \`--margin\` (${MARGIN_DEFAULT})`);
    expect(page).toContain(`\`--branches-max\` (${BRANCHES_MAX_DEFAULT.toLocaleString('en')})`);
    expect(page).toContain(`is above ${PARITY_DIFFERENCE_MAX.toFixed(5)}`);
    expect(page).toContain(`at most every ${POINTER_SECONDS} seconds`);
    for (const metric of Object.values(GATE_METRICS)) expect(page).toContain(`\`${metric}`);
  });
});
