import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { putFinishedShards } from '../support/fill-ledger.ts';
import { INPUT, JOB, shardMessage } from '../support/records.ts';
import { type Desk, logLines, openDesk, SHIPPED_MODEL } from './harness.ts';

const GAP_MS_MAX = 50;
const ATTEMPTS = 3;
/** Two of three: a stall of our own shows in every attempt, one of a busy machine seldom in two. */
const QUIET_ATTEMPTS = 2;
const SHARDS = 5000;

async function expectQuiet(attempt: () => Promise<number>): Promise<void> {
  const gaps: number[] = [];
  const quiet = () => gaps.filter((gap) => gap <= GAP_MS_MAX).length;
  const loud = () => gaps.length - quiet();
  while (quiet() < QUIET_ATTEMPTS && loud() <= ATTEMPTS - QUIET_ATTEMPTS) gaps.push(await attempt());
  expect(quiet(), `gaps of ${gaps.join(', ')} ms`).toBe(QUIET_ATTEMPTS);
}

/** Stops the workers; the longest gap that any of them had. */
async function longestGapMs(desk: Desk): Promise<number> {
  await desk.stack.fleet?.stop();
  const gaps = logLines(desk).flatMap((line) =>
    typeof line['longestGapMs'] === 'number' ? [line['longestGapMs']] : [],
  );
  expect(gaps).not.toHaveLength(0);
  return Math.max(...gaps);
}

async function gradeCatalogue(): Promise<number> {
  const desk = await openDesk({
    workers: 1,
    modelFolder: SHIPPED_MODEL,
    workerEnvironment: { NUTRISAGE_THREADS: '2', NUTRISAGE_SHARD_ROWS: '8192' },
  });
  try {
    const catalogue = join(desk.folder, 'catalogue.parquet');
    await writeMadeCatalogue(catalogue, { rows: 60_000, seed: 9, rowGroupRows: 8192 });
    const { code, stderr } = await desk.nutrisage('submit', catalogue, '--wait', '--json');
    expect(code, stderr).toBe(0);
    return await longestGapMs(desk);
  } finally {
    await desk.close();
  }
}

/** As if all shards were recorded, and the worker that had the last one died before it closed the job. */
async function closeManyShards(): Promise<number> {
  const desk = await openDesk({ workers: 1, workerEnvironment: { NUTRISAGE_THREADS: '1' } });
  try {
    await putFinishedShards(desk.clients.tables, JOB, SHARDS);
    await desk.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: desk.stack.environment[ENVIRONMENT.jobsQueueUrl],
        MessageBody: JSON.stringify(shardMessage()),
      }),
    );
    expect(await desk.closedJob(INPUT.key)).toMatchObject({ state: 'succeeded' });
    return await longestGapMs(desk);
  } finally {
    await desk.close();
  }
}

describe('the event loop of a worker', () => {
  it('never stalls above 50 ms while its threads grade shards', () => expectQuiet(gradeCatalogue));

  it('never stalls above 50 ms while it closes a job of 5,000 shards', () => expectQuiet(closeManyShards));
});
