import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, type TestContext } from 'vitest';
import type { ShardMessage, SubmissionMessage } from '../../schemas/messages.ts';
import { DEAD_LETTER_ATTRIBUTES, ENVIRONMENT } from '../../schemas/names.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { type Outcome, runCli } from './cli.ts';
import { createWorkerHand, failedShard, INPUT, SUBMITTED_AT } from './records.ts';

const JOB = 'a'.repeat(16);
const OTHER_JOB = 'b'.repeat(16);
const FAILURE = {
  code: 'object-changed',
  message: 'products.parquet was replaced',
  remedy: 'Submit it again',
};

/** One test's own stack, so that tests can run beside one another: each waits seconds for queues to be empty. */
interface Desk {
  readonly stack: TestStack;
  nutrisage(...args: string[]): Promise<Outcome>;
  /** As the worker buries a message; without a failure, as SQS itself moves one. */
  bury(body: object | string, failure?: typeof FAILURE): Promise<void>;
  /**
   * Bodies of what lies in a queue, each hidden thereafter. It waits for as many as are expected, since released
   * messages come back within a second, and then takes what else is there.
   */
  visible(queue: 'jobsQueueUrl' | 'deadLetterQueueUrl', expected: number): Promise<string[]>;
}

async function openDesk({ onTestFinished }: TestContext): Promise<Desk> {
  const stack = await startTestStack();
  onTestFinished(() => stack.stop());
  const { environment, directory: workingDirectory } = stack;
  const sqs = new SQSClient({
    endpoint: stack.servers.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  // S3's own test event lies in the jobs queue first.
  await sqs.send(new PurgeQueueCommand({ QueueUrl: environment[ENVIRONMENT.jobsQueueUrl] }));
  return {
    stack,
    nutrisage: (...args) => runCli(args, { environment, workingDirectory }),

    async bury(body, failure) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: environment[ENVIRONMENT.deadLetterQueueUrl],
          MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
          MessageAttributes: failure === undefined ? {} : attributesOf(failure),
        }),
      );
    },

    async visible(queue, expected) {
      const bodies: string[] = [];
      const QueueUrl = environment[ENVIRONMENT[queue]];
      const settings = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 };
      for (;;) {
        const WaitTimeSeconds = bodies.length < expected ? 2 : 0;
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ ...settings, WaitTimeSeconds }));
        if (Messages.length === 0) return bodies.sort();
        bodies.push(...Messages.map(({ Body }) => Body ?? ''));
      }
    },
  };
}

function attributesOf({ code, message, remedy }: typeof FAILURE) {
  const text = (value: string) => ({ DataType: 'String', StringValue: value });
  return {
    [DEAD_LETTER_ATTRIBUTES.code]: text(code),
    [DEAD_LETTER_ATTRIBUTES.message]: text(message),
    [DEAD_LETTER_ATTRIBUTES.remedy]: text(remedy),
  };
}

function shardMessage(job: string, shard: number, redrive = 0): ShardMessage {
  return {
    kind: 'shard',
    version: 1,
    job,
    shard,
    file: 0,
    input: INPUT,
    rowGroups: { first: shard, count: 1 },
    rows: 1000,
    firstRowNumber: shard * 1000,
    submittedAt: SUBMITTED_AT,
    modelVersion: 'aaaabbbbccccdddd',
    rules: '2023',
    redrive,
  };
}

interface Listed {
  readonly deadLetters: readonly { readonly job: string; readonly shard: number; readonly copies: number }[];
}

describe.concurrent('nutrisage dlq list', () => {
  it('says that nothing was given up', async (test) => {
    const desk = await openDesk(test);
    expect((await desk.nutrisage('dlq', 'list')).stdout).toContain('is empty');
  });

  it('shows job, shard, file, reason and remedy, each piece of work once', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 1), FAILURE);
    await desk.bury(shardMessage(JOB, 1), FAILURE);
    await desk.bury(shardMessage(JOB, 0), FAILURE);
    const { exitCode, stdout } = await desk.nutrisage('dlq', 'list');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`job ${JOB}, shard 0 of products.parquet, 1,000 rows \\(given up [^)]*\\)`),
    );
    expect(stdout).toContain(`${FAILURE.message} [${FAILURE.code}]\n  ${FAILURE.remedy}`);
    expect(stdout).toContain('2 copies');
    expect(stdout).toContain('\n2 messages.');
  });

  it('hides nothing: the same list comes again', async (test) => {
    const desk = await openDesk(test);
    for (let shard = 0; shard < 25; shard += 1) await desk.bury(shardMessage(JOB, shard), FAILURE);
    const list = async () => JSON.parse((await desk.nutrisage('dlq', 'list', '--json')).stdout) as Listed;
    const first = await list();
    expect(first.deadLetters.map(({ shard }) => shard)).toEqual(
      Array.from({ length: 25 }, (_, shard) => shard),
    );
    expect(await list()).toEqual(first);
    expect(await desk.visible('deadLetterQueueUrl', 25)).toHaveLength(25);
  });

  it('takes the reason from the ledger where SQS itself moved the message', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 1));
    await desk.bury(shardMessage(JOB, 2));
    await createWorkerHand(desk.stack.environment).putJobs(failedShard(JOB, 1));
    const { stdout } = await desk.nutrisage('dlq', 'list');
    expect(stdout).toContain('Row group 1 cannot be decoded [damaged-parquet]');
    expect(stdout).toContain('No reason was recorded');
  });

  it('shows submissions, inbox events and what is none of ours', async (test) => {
    const desk = await openDesk(test);
    const object = { key: 'inbox/a+b%C3%A9.parquet' };
    const Records = [
      { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'data' }, object } },
    ];
    await desk.bury({ Records });
    await desk.bury('not even JSON');
    await desk.bury(
      { kind: 'submission', version: 1, job: JOB, submittedAt: SUBMITTED_AT, inputs: [INPUT] },
      FAILURE,
    );
    const { stdout } = await desk.nutrisage('dlq', 'list');
    expect(stdout).toContain(`job ${JOB}, not planned: products.parquet`);
    expect(stdout).toContain('inbox event of a bé.parquet');
    expect(stdout).toContain('none of ours');
  });
});

describe.concurrent('nutrisage dlq redrive', () => {
  it('sends one job’s shards back with the next redrive number and leaves the rest', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 0, 2), FAILURE);
    await desk.bury(shardMessage(JOB, 1), FAILURE);
    await desk.bury(shardMessage(OTHER_JOB, 0), FAILURE);
    const { exitCode, stdout } = await desk.nutrisage('dlq', 'redrive', JOB);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('2 messages sent back to the jobs queue. 1 message');
    expect(await desk.visible('jobsQueueUrl', 1)).toEqual(
      [shardMessage(JOB, 0, 3), shardMessage(JOB, 1, 1)].map((message) => JSON.stringify(message)).sort(),
    );
    expect(await desk.visible('deadLetterQueueUrl', 1)).toEqual([JSON.stringify(shardMessage(OTHER_JOB, 0))]);
  });

  it('sends two copies of a shard back as one, above the higher number', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 0, 0), FAILURE);
    await desk.bury(shardMessage(JOB, 0, 1), FAILURE);
    await desk.nutrisage('dlq', 'redrive', '--all');
    expect(await desk.visible('jobsQueueUrl', 1)).toEqual([JSON.stringify(shardMessage(JOB, 0, 2))]);
    expect(await desk.visible('deadLetterQueueUrl', 0)).toEqual([]);
  });

  it('sends other messages back unchanged with --all', async (test) => {
    const desk = await openDesk(test);
    const submission: SubmissionMessage = {
      kind: 'submission',
      version: 1,
      job: JOB,
      submittedAt: SUBMITTED_AT,
      inputs: [INPUT],
    };
    await desk.bury(submission, FAILURE);
    await desk.bury('not even JSON');
    const { stdout } = await desk.nutrisage('dlq', 'redrive', '--all', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      redriven: [{ kind: 'submission', job: JOB }, { kind: 'unknown' }],
      left: 0,
    });
    expect(await desk.visible('jobsQueueUrl', 1)).toEqual(
      ['not even JSON', JSON.stringify(submission)].sort(),
    );
  });

  it('sends nothing when one of the named jobs has nothing there', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 0), FAILURE);
    const { exitCode, stderr } = await desk.nutrisage('dlq', 'redrive', JOB, OTHER_JOB);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`holds nothing of job ${OTHER_JOB}; nothing was done`);
    expect(await desk.visible('jobsQueueUrl', 0)).toEqual([]);
    expect(await desk.visible('deadLetterQueueUrl', 1)).toHaveLength(1);
  });

  it('finds nothing to do in an empty queue with --all', async (test) => {
    const desk = await openDesk(test);
    const { exitCode, stdout } = await desk.nutrisage('dlq', 'redrive', '--all');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Nothing to send back.\n' });
  });
});

describe.concurrent('filters of nutrisage dlq', () => {
  const OTHER_FAILURE = { ...FAILURE, code: 'store-unavailable' };

  it('choose by reason and by kind, and say how many they leave out', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 0), FAILURE);
    await desk.bury(shardMessage(OTHER_JOB, 0), OTHER_FAILURE);
    await desk.bury('not even JSON');
    const { stdout } = await desk.nutrisage('dlq', 'list', '--code', 'store-unavailable');
    expect(stdout).toContain(OTHER_JOB);
    expect(stdout).not.toContain(JOB);
    expect(stdout).toContain('1 message (2 others left out)');
    const unknown = await desk.nutrisage('dlq', 'list', '--kind', 'unknown', '--json');
    expect(JSON.parse(unknown.stdout)).toMatchObject({ deadLetters: [{ kind: 'unknown' }], others: 2 });
  });

  it('send back only what failed for one reason, also where the ledger alone tells it', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 1));
    await desk.bury(shardMessage(JOB, 2), FAILURE);
    await createWorkerHand(desk.stack.environment).putJobs(failedShard(JOB, 1));
    await desk.nutrisage('dlq', 'redrive', '--all', '--code', 'damaged-parquet');
    expect(await desk.visible('jobsQueueUrl', 1)).toEqual([JSON.stringify(shardMessage(JOB, 1, 1))]);
    expect(await desk.visible('deadLetterQueueUrl', 1)).toHaveLength(1);
  });

  it('refuse a kind that there is not', async (test) => {
    const { exitCode, stderr } = await (await openDesk(test)).nutrisage('dlq', 'list', '--kind', 'pancake');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('pancake');
  });
});

describe.concurrent('nutrisage dlq show', () => {
  it('shows the messages as they are and what the ledger has of them, and takes nothing', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 1), FAILURE);
    await createWorkerHand(desk.stack.environment).putJobs(failedShard(JOB, 1));
    const { stdout } = await desk.nutrisage('dlq', 'show', JOB);
    expect(stdout).toContain(JSON.stringify(shardMessage(JOB, 1)));
    expect(stdout).toContain('"state":"failed"');
    const { deadLetters } = JSON.parse((await desk.nutrisage('dlq', 'show', JOB, '--json')).stdout);
    expect(deadLetters).toMatchObject([
      { job: JOB, messages: [{ body: JSON.stringify(shardMessage(JOB, 1)) }], record: { state: 'failed' } },
    ]);
    expect(await desk.visible('deadLetterQueueUrl', 1)).toHaveLength(1);
  });

  it('lets no message move the cursor of a terminal', async (test) => {
    const desk = await openDesk(test);
    await desk.bury('{"kind":"\u009b2Jgone"}');
    const { stdout } = await desk.nutrisage('dlq', 'show', '--all');
    expect(stdout).toContain('gone');
    expect(stdout).not.toContain('\u009b');
  });

  it('wants to know of which job', async (test) => {
    const { exitCode, stderr } = await (await openDesk(test)).nutrisage('dlq', 'show');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('it is not said what is meant');
  });
});

describe.concurrent('nutrisage dlq discard', () => {
  it('says what it would throw away, and throws nothing away', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 0), FAILURE);
    const { exitCode, stdout } = await desk.nutrisage('dlq', 'discard', JOB);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 message would be discarded for good. Say --yes');
    expect(await desk.visible('deadLetterQueueUrl', 1)).toHaveLength(1);
  });

  it('throws away every copy of what is meant, and nothing else', async (test) => {
    const desk = await openDesk(test);
    await desk.bury(shardMessage(JOB, 0), FAILURE);
    await desk.bury(shardMessage(JOB, 0), FAILURE);
    await desk.bury(shardMessage(OTHER_JOB, 0), FAILURE);
    const { stdout } = await desk.nutrisage('dlq', 'discard', JOB, '--yes', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      discarded: true,
      deadLetters: [{ job: JOB, copies: 2 }],
      left: 1,
    });
    expect(await desk.visible('deadLetterQueueUrl', 1)).toEqual([JSON.stringify(shardMessage(OTHER_JOB, 0))]);
    expect(await desk.visible('jobsQueueUrl', 0)).toEqual([]);
  });
});
