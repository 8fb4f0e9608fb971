/** A share of `npm run fuzz:endpoint`, which sends 50,000. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryGrowth, sendHostile } from '../../bench/fuzz/send-hostile.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { SPREAD } from '../worker/endpoint/products.ts';
import { type Desk, openDesk } from './harness.ts';

const CASES = 2000;
/** Much less of it is warm than after 50,000. */
const GROWTH_BYTES_MAX = 96 * 2 ** 20;

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({
    workers: 0,
    endpointPort: 0,
    endpointEnvironment: { [ENVIRONMENT.requestSeconds]: '1', [ENVIRONMENT.waitMsMax]: '60000' },
  });
});
afterAll(() => desk.close());

it('hostile requests are answered with 2xx or 4xx, take no memory, and end nothing', async () => {
  const { endpoint } = desk.stack;
  const url = endpoint?.address ?? '';
  const pid = endpoint?.pid;
  const { statuses, faults, memory } = await sendHostile({ url, cases: CASES, seed: 20, looks: 20 });
  expect(faults).toEqual([]);
  expect(Object.values(statuses).reduce((sum, count) => sum + count)).toBe(CASES);
  for (const status of ['200', '400', '404', '405', '408', '413', '415', '422', '431'])
    expect(statuses, status).toHaveProperty(status);
  expect(memoryGrowth(memory)).toBeLessThan(GROWTH_BYTES_MAX);
  expect(endpoint?.pid).toBe(pid);
  const answer = await fetch(`${url}/grade`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(SPREAD),
  });
  expect(await answer.json()).toMatchObject({ grade: 'e', source: 'official' });
});
