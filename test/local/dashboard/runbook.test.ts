import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../../local/dashboard/runbook.ts';
import { ALARM_NAMES, alarmOf } from '../../../schemas/alarms.ts';

const PAGE = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');

describe('the runbook as data', () => {
  it.each(ALARM_NAMES)('has the whole text of %s, and no mark of Markdown is left', (name) => {
    const { heading } = alarmOf(name);
    const section = parseRunbook(PAGE)[heading];
    expect(section?.parts.map(({ label }) => label)).toEqual(['Meaning', 'Look', 'Do']);
    const told = section?.parts.flatMap(({ spans }) => spans.map(({ text }) => text)).join('') ?? '';
    expect(told).not.toMatch(/[`*\]]|\(#/);
    const words = (text: string): string[] => text.match(/[\w’-]+/g) ?? [];
    const source = PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
    const plain = source.replaceAll(/\]\([^)]*\)/g, '').replaceAll(/\*\*\w+\.\*\*/g, '');
    expect(words(told)).toEqual(words(plain));
  });

  it('leads from one section to another, and from nowhere to files', () => {
    const sections = parseRunbook(`# Book

Words before.

## Two words

**Meaning.** Plain, \`code\`, **strong**
and *soft*.

**Do.** As in [the other](#other), or [a page](cli.md#x)

A paragraph of no part.

## Other

**Meaning.** Short.
`);
    expect(sections['Two words']?.parts).toEqual([
      {
        label: 'Meaning',
        spans: [
          { kind: 'text', text: 'Plain, ' },
          { kind: 'code', text: 'code' },
          { kind: 'text', text: ', ' },
          { kind: 'strong', text: 'strong' },
          { kind: 'text', text: ' and ' },
          { kind: 'emphasis', text: 'soft' },
          { kind: 'text', text: '.' },
        ],
      },
      {
        label: 'Do',
        spans: [
          { kind: 'text', text: 'As in ' },
          { kind: 'section', text: 'the other', heading: 'Other' },
          { kind: 'text', text: ', or ' },
          { kind: 'text', text: 'a page' },
        ],
      },
    ]);
    expect(Object.keys(sections)).toEqual(['Two words', 'Other']);
  });
});
