/** docs/metrics.md and docs/runbook.md against the tables that the programs read. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALARM_NAMES, alarmOf } from '../../schemas/alarms.ts';
import { METRIC_NAMES, metricDefinition, prometheusName } from '../../schemas/metrics.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('the page of metrics', () => {
  const rows = page('metrics.md')
    .split('\n')
    .filter((line) => /^\| `[A-Z][a-z]/.test(line));

  it('has every metric as the table has it, in its order', () => {
    const expected = METRIC_NAMES.map((name) => {
      const { kind, unit, dimensions, programs, meaning } = metricDefinition(name);
      const cells = [kind, unit, dimensions.join(', ') || '–', programs.join(', '), meaning];
      return `| \`${name}\` | \`${prometheusName(name)}\` | ${cells.join(' | ')} |`;
    });
    expect(rows).toEqual(expected);
  });

  it('explains the variables that turn them on', () => {
    const { metrics, metricsNamespace, metricsSeconds, metricsPort, metricsHost } = ENVIRONMENT;
    for (const variable of [metrics, metricsNamespace, metricsSeconds, metricsPort, metricsHost])
      expect(page('metrics.md')).toContain(`| \`${variable}\` |`);
  });
});

describe('the runbook', () => {
  const sections = page('runbook.md').split(/^## /m).slice(1);
  const heading = (section: string): string => section.split('\n')[0] ?? '';

  it('has a heading for each alarm, in the order of the table, and no other', () => {
    expect(sections.map(heading)).toEqual(ALARM_NAMES.map((name) => alarmOf(name).heading));
  });

  it.each(ALARM_NAMES)('says of %s what it means, where to look and what to do', (name) => {
    const { heading: wanted, severity } = alarmOf(name);
    const section = sections.find((one) => heading(one) === wanted) ?? '';
    const parts = section
      .trim()
      .split(/\n{2,}/)
      .slice(1)
      .map((paragraph) => /^\*\*(\w+)\.\*\* (.*)$/s.exec(paragraph.replaceAll('\n', ' ')) ?? []);
    expect(parts.map(([, part]) => part)).toEqual(['Meaning', 'Look', 'Do']);
    for (const [, , text = ''] of parts) expect(text.length).toBeGreaterThan(30);
    const said = severity.charAt(0).toUpperCase() + severity.slice(1);
    expect(parts[0]?.[2]).toMatch(new RegExp(`\\*${said}\\.\\*$`));
  });

  it('links to headings that there are', () => {
    const anchors = sections.map((section) => heading(section).toLowerCase().replaceAll(' ', '-'));
    const links = [...page('runbook.md').matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(anchors).toContain(link);
  });

  it('names only metrics that there are', () => {
    const named = [...page('runbook.md').matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g)].map(
      ([, name]) => name,
    );
    const dimensions = METRIC_NAMES.flatMap((name) => [...metricDefinition(name).dimensions]);
    expect(named.length).toBeGreaterThan(10);
    for (const name of named) expect([...METRIC_NAMES, ...dimensions]).toContain(name);
  });
});
