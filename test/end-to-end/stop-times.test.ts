/** SIGTERM in the middle of a long shard: time to finish it, or too little. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGE_VERSION, type SubmissionMessage } from '../../schemas/messages.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { createS3ObjectStore } from '../../worker/adapters/s3-object-store.ts';
import { smallCatalogue } from '../faults/catalogue.ts';
import { differences } from '../faults/compare.ts';
import type { FaultProxyOptions } from '../faults/fault-proxy.ts';
import { type BareGround, openBareGround } from '../faults/ground.ts';
import { type Observation, observe, shardsOf } from '../faults/observe.ts';
import { type RealWorker, startRealWorker } from '../faults/real-worker.ts';
import { settles } from '../faults/run-plan.ts';
import { depthsOf, makeSite, type Site, sendAll } from '../faults/site.ts';
import { SUBMITTED_AT } from '../support/records.ts';

/** No test waits for it: a shard that another has before it is over was given back. */
const VISIBILITY_SECONDS = 90;
/** Some 1,200 of them become items, which are written 25 a call, eight calls at once: seven turns, most of them after SIGTERM. */
const ROWS = 1500;
/** Of the table of the worker that is stopped: what is left takes 9 s, and a turn less than the grace before SIGKILL. */
const SLOW_WRITE = { kind: 'delay', ms: 1500 } as const;
const SHORT_SECONDS = 5;
const LONG_SECONDS = 120;
const JOBS = { jobs: 1 };

let ground: BareGround;
let body: string;
let calm: Observation;

beforeAll(async () => {
  ground = await openBareGround();
  body = await putLongShard();
  const site = await siteOf('calm');
  const worker = await startWorker(site);
  await sendAll(ground.clients, site, [body]);
  await settles(ground, site, JOBS);
  calm = await observe(ground.clients, site);
  await worker.stop();
});
afterAll(() => ground.close());

describe.concurrent('a worker process that is asked to stop in the middle of a shard', () => {
  it('and has 120 s finishes the shard and acknowledges it: nobody else receives it', async () => {
    const run = await stoppedWithin(LONG_SECONDS);
    expect(run.stopMs).toBeGreaterThan(SHORT_SECONDS * 1000);
    expect(run).toMatchObject({ receivedElsewhere: 0, attempt: 1 });
    expect(run).toMatchObject({ hasSettled: true, differences: [], depths: { open: 0, dead: 0 } });
  });

  it('and has 5 s gives the shard back: another has it at once and finishes it', async () => {
    const run = await stoppedWithin(SHORT_SECONDS);
    expect(run.stopMs).toBeGreaterThan(SHORT_SECONDS * 1000);
    expect(run).toMatchObject({ receivedElsewhere: 1, attempt: 2 });
    expect(run.untilSettledMs).toBeLessThan(VISIBILITY_SECONDS * 1000);
    expect(run).toMatchObject({ hasSettled: true, differences: [], depths: { open: 0, dead: 0 } });
  });
});

/** @returns the submission of a file that is one shard */
async function putLongShard(): Promise<string> {
  const { s3 } = ground.clients;
  const file = { Bucket: RESOURCES.dataBucket, Key: 'uploads/long.parquet' };
  const Body = smallCatalogue({ rows: ROWS, rowGroupRows: ROWS, seed: 8 });
  await s3.send(new PutObjectCommand({ ...file, Body }));
  const message: SubmissionMessage = {
    kind: 'submission',
    version: MESSAGE_VERSION,
    job: '00000000000000b1',
    submittedAt: SUBMITTED_AT,
    inputs: [await createS3ObjectStore(s3).head(file.Bucket, file.Key)],
  };
  return JSON.stringify(message);
}

function siteOf(name: string): Promise<Site> {
  return makeSite(ground.clients, ground.stack.servers.endpoint, name, {
    visibilitySeconds: VISIBILITY_SECONDS,
    receivesMax: 6,
  });
}

function startWorker(site: Site, proxy: Partial<FaultProxyOptions> = {}, stopSeconds?: number) {
  return startRealWorker({ ground, site, proxy, ...(stopSeconds === undefined ? {} : { stopSeconds }) });
}

/** Stops the worker that has the shard when it has written some of its items; another takes what there is from then on. */
async function stoppedWithin(stopSeconds: number) {
  const { clients } = ground;
  const site = await siteOf(`stopped-within-${stopSeconds}`);
  const hasBegun = Promise.withResolvers<void>();
  let receivedElsewhere = 0;
  const slow: Partial<FaultProxyOptions> = {
    onStep(step) {
      if (step === 'items half written') hasBegun.resolve();
    },
    faultFor: ({ name }) => (name === 'BatchWriteItem' ? SLOW_WRITE : undefined),
  };
  const counting: Partial<FaultProxyOptions> = {
    onStep(step) {
      if (step === 'received') receivedElsewhere += 1;
    },
  };
  const stopped = await startWorker(site, slow, stopSeconds);
  const workers: RealWorker[] = [stopped];
  try {
    await sendAll(clients, site, [body]);
    await hasBegun.promise;
    const from = performance.now();
    const stopping = stopped.fleet.stop().then(() => performance.now() - from);
    workers.push(await startWorker(site, counting));
    const stopMs = await stopping;
    const hasSettled = await settles(ground, site, JOBS);
    const untilSettledMs = performance.now() - from;
    const [shard] = await shardsOf(clients, site);
    return {
      stopMs,
      untilSettledMs,
      receivedElsewhere,
      attempt: shard?.attempt,
      hasSettled,
      differences: differences(calm, await observe(clients, site)),
      depths: await depthsOf(clients, site),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}
