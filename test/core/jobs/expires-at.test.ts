import { describe, expect, it } from 'vitest';
import { expiresAt } from '../../../core/jobs/expires-at.ts';

describe('the time at which an item expires', () => {
  it('is whole days after the submission, in whole seconds since 1970', () => {
    expect(expiresAt('1970-01-02T00:00:00.999Z', 0)).toBe(86_400);
    expect(expiresAt('1970-01-02T00:00:00.999Z', 30)).toBe(31 * 86_400);
  });
});
