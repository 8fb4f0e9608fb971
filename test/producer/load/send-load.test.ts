/** The loop on a clock of its own where it can be, on the real one where it must wait. */
import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../../../producer/load/arrivals.ts';
import { createLoadTally } from '../../../producer/load/load-tally.ts';
import { type Answered, type LoadPorts, sendLoad } from '../../../producer/load/send-load.ts';

const OK: Answered = { status: 200, error: undefined };
const NOBODY: Answered = { status: undefined, error: 'ECONNREFUSED' };

async function send(
  ask: LoadPorts['ask'],
  {
    seconds = 0.5,
    requestsPerSecond = 100,
    ...ports
  }: Partial<LoadPorts> & Partial<{ seconds: number; requestsPerSecond: number }> = {},
) {
  const arrivals = arrivalsOf([{ seconds, requestsPerSecond }], 1);
  const tally = createLoadTally(1, arrivals.totalMs, 250);
  await sendLoad(arrivals, tally, {
    ask,
    now: () => performance.now(),
    retryMs: 0,
    flightsMax: Number.POSITIVE_INFINITY,
    progress() {},
    signal: new AbortController().signal,
    ...ports,
  });
  return tally;
}

const later = (ms: number, answered: Answered): Promise<Answered> =>
  new Promise((resolve) => setTimeout(() => resolve(answered), ms));

describe('a load', () => {
  it('goes on while nothing is answered, and counts what a stall did to all that met it', async () => {
    const begun = performance.now();
    const stalledUntil = begun + 400;
    let asked = 0;
    const tally = await send(() => {
      asked += 1;
      return later(Math.max(0, stalledUntil - performance.now()), OK);
    });
    expect(asked).toBe(50);
    const { latencyMs } = tally.total();
    // 40 of 50 were due within the stall, so that half waited for 150 ms and more of it, and not only one.
    expect(latencyMs?.p50).toBeGreaterThan(100);
    expect(latencyMs?.max).toBeGreaterThan(350);
  });

  it('counts the wait for a place as part of the latency', async () => {
    const tally = await send(() => later(30, OK), { flightsMax: 1, seconds: 0.2 });
    // Twenty due within 200 ms, one after the other in 600.
    expect(tally.total().latencyMs?.max).toBeGreaterThan(350);
    expect(tally.clientLateMs()).toBeGreaterThan(350);
  });

  it('tells apart what was shed, refused and not answered, each with its reason', async () => {
    const answers: Answered[] = [
      OK,
      { status: 503, error: undefined },
      { status: 422, error: undefined },
      NOBODY,
    ];
    const tally = await send(async (index) => answers[index % 4] as Answered, { seconds: 0.08 });
    expect(tally.total()).toMatchObject({ requests: 8, ok: 2, shed: 2, refused: 2, failed: 2, retries: 0 });
    expect(tally.reasons()).toEqual({ '503': 2, '422': 2, ECONNREFUSED: 2 });
    expect(tally.slices().reduce((sum, { notOk }) => sum + notOk, 0)).toBe(6);
  });

  it('tries again what nobody answered, for as long as it may', async () => {
    let calls = 0;
    const restarting = () => {
      calls += 1;
      return Promise.resolve(calls <= 3 ? NOBODY : OK);
    };
    const tally = await send(restarting, { seconds: 0.01, retryMs: 60_000 });
    expect(tally.total()).toMatchObject({ requests: 1, ok: 1, failed: 0, retries: 3 });
    // 20, 40 and 80 ms between them are a part of it.
    expect(tally.total().latencyMs?.p50).toBeGreaterThan(120);
    const given = await send(() => Promise.resolve(NOBODY), { seconds: 0.01, retryMs: 100 });
    expect(given.total()).toMatchObject({ failed: 1, retries: 2 });
  });

  it('ends early when it is stopped, once what is under way is answered', async () => {
    const stop = new AbortController();
    const tally = await send(
      (index) => {
        if (index === 4) stop.abort();
        return later(20, OK);
      },
      { signal: stop.signal, seconds: 60 },
    );
    expect(tally.total()).toMatchObject({ requests: 5, ok: 5 });
  });
});
