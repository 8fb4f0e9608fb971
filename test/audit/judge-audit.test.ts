import { describe, expect, it } from 'vitest';
import { type Allowance, type AuditReport, judgeAudit } from './judge-audit.ts';

const TODAY = new Date('2026-11-26T12:00:00Z');
const ADVISORY = 'GHSA-aaaa-bbbb-cccc';
const REPORT: AuditReport = {
  vulnerabilities: {
    parser: { via: [{ url: `https://github.com/advisories/${ADVISORY}`, title: 'It hangs' }] },
    user: { via: ['parser'] },
  },
};
const allowance = (changes: Partial<Allowance> = {}): Allowance => ({
  advisory: ADVISORY,
  reason: 'It reads only what we write ourselves.',
  until: '2026-12-31',
  ...changes,
});

describe('an audit', () => {
  it('is well when nothing is found', () => {
    expect(judgeAudit({ vulnerabilities: {} }, [], TODAY)).toEqual([]);
  });

  it('names what is found, once, and lets through what is allowed', () => {
    expect(judgeAudit(REPORT, [], TODAY)).toEqual([`Not allowed: parser: It hangs (${ADVISORY})`]);
    expect(judgeAudit(REPORT, [allowance()], TODAY)).toEqual([]);
  });

  it.each([
    ['past its day', allowance({ until: '2026-11-25' }), 'was allowed until 2026-11-25'],
    ['without a day', allowance({ until: 'soon' }), 'has no day'],
    ['without a reason', allowance({ reason: 'ok' }), 'without a reason'],
  ])('does not take an allowance %s', (_what, entry, sentence) => {
    expect(judgeAudit(REPORT, [entry], TODAY).join()).toContain(sentence);
  });

  it('wants allowances gone that nothing needs any more', () => {
    expect(judgeAudit({ vulnerabilities: {} }, [allowance()], TODAY).join()).toContain(
      'take it off the list',
    );
  });

  it('that could not be made is not one without findings', () => {
    expect(judgeAudit({ error: { summary: 'no network' } }, [], TODAY)).toEqual([
      'The audit has no result: no network.',
    ]);
    const refused = { message: '405 Method Not Allowed', error: { summary: '' } };
    expect(judgeAudit(refused, [], TODAY)).toEqual(['The audit has no result: 405 Method Not Allowed.']);
  });
});
