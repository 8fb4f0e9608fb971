import { expect, it } from 'vitest';
import { tickShape } from '../../worker/tick-shape.ts';

it('is an object that Node made for a tick, with its callback', async () => {
  expect(await tickShape).toMatchObject({ callback: expect.any(Function) });
});
