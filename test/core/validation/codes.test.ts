import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CodeRule, codesOf, REJECT_CODES, REJECTS, WARNINGS } from '../../../core/validation/codes.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/rejects-and-warnings.md', import.meta.url), 'utf8');

describe.each([
  ['reject', REJECTS],
  ['warning', WARNINGS],
] as const)('the table of %s codes', (kind, rules: readonly CodeRule[]) => {
  it('numbers its bits by place, each code once, within 31 bits', () => {
    expect(rules.map(({ bit }) => bit)).toEqual(rules.map((_, place) => place));
    expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
    expect(rules.length).toBeLessThanOrEqual(31);
  });

  it('holds kebab-case codes of its kind, each with a sentence', () => {
    for (const rule of rules) {
      expect(rule.code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(rule.kind).toBe(kind);
      expect(rule.sentence).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('is the one that the documentation shows', () => {
    const heading = kind === 'reject' ? '## Rejects' : '## Warnings';
    const section = DOCUMENT.slice(DOCUMENT.indexOf(heading)).split('\n## ')[0] ?? '';
    const shown = section.split('\n').filter((line) => /^\| \d/.test(line));
    expect(shown).toEqual(
      rules.map(
        ({ bit, code, sentence, rule, source }) =>
          `| ${bit} | \`${code}\` | ${sentence} | ${rule} | ${source} |`,
      ),
    );
  });
});

describe('codesOf', () => {
  it('names the bits that are set, lowest first', () => {
    expect(codesOf(REJECT_CODES, 0b1001)).toEqual(['missing-code', 'value-negative']);
    expect(codesOf(REJECT_CODES, 0)).toEqual([]);
  });
});
