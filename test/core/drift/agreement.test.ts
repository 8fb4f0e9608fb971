import { describe, expect, it } from 'vitest';
import { checkAgreement } from '../../../core/drift/agreement.ts';

const CARD = { 'accuracy.complete': 0.98 };

describe('checkAgreement', () => {
  it.each([
    [1000, 975, 'as expected'],
    // Below the figure and within the margin of three points.
    [10_000, 9600, 'as expected'],
    [10_000, 9400, 'low'],
    // 93 %, but of so few rows that 95 % are not ruled out.
    [400, 372, 'as expected'],
    [400, 360, 'low'],
    [199, 100, 'too little data'],
  ])('of %i rows with %i agreeing is %s', (compared, agreed, verdict) => {
    expect(checkAgreement({ compared, agreed }, CARD)).toMatchObject({
      verdict,
      expected: 0.98,
      margin: 0.03,
    });
  });

  it('has an interval around the share', () => {
    const { low = 1, high = 0 } = checkAgreement({ compared: 1000, agreed: 970 }, CARD) ?? {};
    expect(low).toBeLessThan(0.97);
    expect(high).toBeGreaterThan(0.97);
  });

  it('says nothing without rows, or of a model without the figure', () => {
    expect(checkAgreement({ compared: 0, agreed: 0 }, CARD)).toBeUndefined();
    expect(checkAgreement({ compared: 1000, agreed: 970 }, {})).toBeUndefined();
  });
});
