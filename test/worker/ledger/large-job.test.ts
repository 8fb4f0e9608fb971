/** The largest job there may be, against the table's limit of 400 KB an item. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NutrisageError } from '../../../core/errors.ts';
import type { FileReference } from '../../../schemas/file-reference.ts';
import { JobRecord } from '../../../schemas/ledger.ts';
import type { SubmissionMessage } from '../../../schemas/messages.ts';
import { createParser } from '../../../schemas/parse.ts';
import { handleDelivery } from '../../../worker/messages/handle-delivery.ts';
import { INPUT, SUBMITTED_AT } from '../../support/records.ts';
import { inspection } from '../fake-threads.ts';
import { deliveryOf, freshJob, startWorkerBench, type WorkerBench } from '../worker-bench.ts';

const FILES_MAX = 500;
/** What the command may send, and a queue takes. */
const MESSAGE_BYTES_MAX = 262_144;
const jobs = createParser('the job', JobRecord);

let bench: WorkerBench;
let job: string;

beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());
beforeEach(() => {
  job = freshJob();
});

function submission(keyBytes: number): SubmissionMessage {
  const inputs = Array.from({ length: FILES_MAX }, (_, index): FileReference => {
    const key = `uploads/${job}/${index}`.padEnd(keyBytes, 'x');
    return { ...INPUT, key, etag: `${'e'.repeat(32)}-9999`, size: 999_999_999_999 };
  });
  return { kind: 'submission', version: 1, job, submittedAt: SUBMITTED_AT, inputs };
}

/** Every file but the last fails, with a reason of this many bytes that names it. */
function failAllButTheLast(message: SubmissionMessage, reasonBytes: number): void {
  for (const { key } of message.inputs.slice(0, -1)) {
    bench.ports.threads.onInspect(key, async () => {
      const reason = `${key} is damaged: ${'because '.repeat(reasonBytes / 8)}`;
      throw new NutrisageError(
        'damaged-parquet',
        reason,
        'The file is damaged: write it again from its source.',
      );
    });
  }
  bench.ports.threads.onInspect(message.inputs.at(-1)?.key ?? '', async () => inspection(100, 100));
}

describe('a job of 500 files', () => {
  it.each([
    ['120 bytes', 120, 200],
    ['120 bytes', 120, 4000],
    ['the longest that a message of so many carries', 350, 4000],
  ])('is planned with keys of %s and 499 failures', async (_, keyBytes, reasonBytes) => {
    const message = submission(keyBytes);
    expect(JSON.stringify(message).length).toBeLessThan(MESSAGE_BYTES_MAX);
    failAllButTheLast(message, reasonBytes);
    expect(await handleDelivery(bench.ports, deliveryOf(message))).toEqual({ kind: 'acknowledge' });
    const stored = jobs.parse(await bench.ports.ledger.job(job));
    expect(stored).toMatchObject({ state: 'running', shards: 2, rows: 200 });
    const failures = (stored.files ?? []).flatMap(({ failure }) => failure ?? []);
    expect(failures).toHaveLength(FILES_MAX - 1);
    for (const [index, { code, message: reason }] of failures.entries()) {
      expect(code).toBe('damaged-parquet');
      expect(reason.startsWith(`uploads/${job}/${index}`.slice(0, 30))).toBe(true);
    }
    expect(await bench.takeSent()).toHaveLength(2);
  });
});
