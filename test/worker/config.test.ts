import { hostname } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { readConfig } from '../../worker/config.ts';
import { ConfigError } from '../../worker/settings.ts';

const REQUIRED = {
  [ENVIRONMENT.jobsQueueUrl]: 'http://127.0.0.1:4566/000000000000/jobs',
  [ENVIRONMENT.deadLetterQueueUrl]: 'http://127.0.0.1:4566/000000000000/dead',
  [ENVIRONMENT.dataBucket]: 'data',
  [ENVIRONMENT.modelBucket]: 'models',
  [ENVIRONMENT.jobsTable]: 'jobs',
};

/** The message of the error that this environment gives; fails where it gives none. */
function messageFor(environment: Readonly<Record<string, string | undefined>>): string {
  try {
    readConfig(environment, 2);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('The configuration was taken.');
}

describe('the worker’s configuration', () => {
  it('has a default for all that need not be set', () => {
    expect(readConfig(REQUIRED, 2)).toEqual({
      queue: {
        kind: 'sqs',
        jobsQueueUrl: REQUIRED[ENVIRONMENT.jobsQueueUrl],
        deadLetterQueueUrl: REQUIRED[ENVIRONMENT.deadLetterQueueUrl],
      },
      dataBucket: 'data',
      modelBucket: 'models',
      gradesTable: undefined,
      jobsTable: 'jobs',
      threads: 2,
      shardRows: 65_536,
      rowGroupBytesMax: 268_435_456,
      ceilings: {
        fileBytes: 68_719_476_736,
        footerBytes: 67_108_864,
        rows: 1_000_000_000,
        columns: 5000,
        textBytes: 65_536,
      },
      visibilitySeconds: 60,
      receivesMax: 5,
      stopSeconds: 100,
      stuckSeconds: 60,
      retentionDays: 400,
      rules: '2023',
      engine: 'auto',
      logLevel: 'info',
      workerName: `${hostname()}-${process.pid}`,
      metrics: 'off',
      metricsNamespace: 'NutriSage',
      metricsSeconds: 60,
      metricsPort: undefined,
      metricsHost: '127.0.0.1',
    });
  });

  it('takes what is set, without the blanks around it', () => {
    const config = readConfig(
      {
        ...REQUIRED,
        [ENVIRONMENT.dataBucket]: ' my-data ',
        [ENVIRONMENT.gradesTable]: 'grades',
        [ENVIRONMENT.threads]: ' 3 ',
        [ENVIRONMENT.rules]: '2021',
        [ENVIRONMENT.engine]: 'onnxruntime',
        [ENVIRONMENT.logLevel]: 'silent',
        [ENVIRONMENT.workerName]: 'one',
        [ENVIRONMENT.metrics]: 'emf',
        [ENVIRONMENT.metricsPort]: '0',
        [ENVIRONMENT.metricsHost]: '0.0.0.0',
      },
      2,
    );
    expect(config).toMatchObject({
      dataBucket: 'my-data',
      gradesTable: 'grades',
      threads: 3,
      rules: '2021',
      engine: 'onnxruntime',
      logLevel: 'silent',
      workerName: 'one',
      metrics: 'emf',
      metricsPort: 0,
      metricsHost: '0.0.0.0',
    });
  });

  it('takes what is blank for what is not set', () => {
    const blank = { [ENVIRONMENT.threads]: ' ', [ENVIRONMENT.rules]: '', [ENVIRONMENT.gradesTable]: ' ' };
    expect(readConfig({ ...REQUIRED, ...blank }, 4)).toMatchObject({
      threads: 4,
      rules: '2023',
      gradesTable: undefined,
    });
  });

  it('says every fault in one message', () => {
    const message = messageFor({
      [ENVIRONMENT.dataBucket]: ' ',
      [ENVIRONMENT.jobsTable]: 'jobs',
      [ENVIRONMENT.threads]: 'many',
      [ENVIRONMENT.stopSeconds]: '121',
      [ENVIRONMENT.rules]: '1999',
      [ENVIRONMENT.engine]: 'wasm',
      [ENVIRONMENT.logLevel]: 'loud',
      [ENVIRONMENT.metrics]: 'statsd',
      [ENVIRONMENT.metricsPort]: '70000',
    });
    expect(message).toBe(
      [
        'The worker’s configuration has 11 fault(s):'.replace('’', "'"),
        `  - ${ENVIRONMENT.jobsQueueUrl} is not set: the URL of the SQS queue that carries shards and inbox events.`,
        `  - ${ENVIRONMENT.deadLetterQueueUrl} is not set: the URL of its dead-letter queue.`,
        `  - ${ENVIRONMENT.dataBucket} is not set: the bucket that takes grades, rejects and summaries.`,
        `  - ${ENVIRONMENT.threads} is "many": give a whole number from 1 to 64.`,
        `  - ${ENVIRONMENT.stopSeconds} is "121": give a whole number from 1 to 120.`,
        `  - ${ENVIRONMENT.modelBucket} is not set: the bucket with models/current.json.`,
        `  - ${ENVIRONMENT.rules} is "1999": give one of 2023, 2021.`,
        `  - ${ENVIRONMENT.engine} is "wasm": give one of auto, forest, onnxruntime.`,
        `  - ${ENVIRONMENT.logLevel} is "loud": give one of trace, debug, info, warn, error, fatal, silent.`,
        `  - ${ENVIRONMENT.metrics} is "statsd": give one of off, emf.`,
        `  - ${ENVIRONMENT.metricsPort} is "70000": give a whole number from 0 to 65535.`,
      ].join('\n'),
    );
  });

  it('takes a Redis for the queue, and then asks for no queue of SQS', () => {
    const { [ENVIRONMENT.jobsQueueUrl]: _jobs, [ENVIRONMENT.deadLetterQueueUrl]: _dead, ...rest } = REQUIRED;
    const redis = { ...rest, [ENVIRONMENT.queue]: 'bullmq' };
    const redisUrl = 'rediss://user:secret@redis.example:6380/2';
    expect(readConfig({ ...redis, [ENVIRONMENT.redisUrl]: redisUrl }, 2).queue).toEqual({
      kind: 'bullmq',
      redisUrl,
    });
    expect(messageFor(redis)).toContain(
      'REDIS_URL is not set: the address of the Redis that carries the work.',
    );
    const wrong = messageFor({ ...redis, [ENVIRONMENT.redisUrl]: 'http://user:secret@redis.example' });
    expect(wrong).toContain('REDIS_URL is no redis:// or rediss:// address.');
    expect(wrong).not.toContain('secret');
    expect(messageFor({ ...REQUIRED, [ENVIRONMENT.queue]: 'kafka' })).toContain(
      'NUTRISAGE_QUEUE is "kafka": give one of sqs, bullmq.',
    );
  });

  it('can not be changed once it is read', () => {
    expect(Object.isFrozen(readConfig(REQUIRED, 2))).toBe(true);
  });

  const BOUNDS = [
    ['threads', 1, 64],
    ['shardRows', 1, 10_000_000],
    ['rowGroupBytesMax', 1024, 3 * 2 ** 30],
    ['visibilitySeconds', 3, 43_200],
    ['receivesMax', 1, 1000],
    ['stopSeconds', 1, 120],
    ['retentionDays', 1, 36_500],
  ] as const;
  it.each(BOUNDS)('takes %s from %i to %i and nothing beyond', (setting, min, max) => {
    const given = (value: number) => ({ ...REQUIRED, [ENVIRONMENT[setting]]: String(value) });
    for (const value of [min, max]) expect(readConfig(given(value), 2)[setting]).toBe(value);
    for (const value of [min - 1, max + 1, min + 0.5]) {
      expect(messageFor(given(value))).toContain(`${ENVIRONMENT[setting]} is "${value}"`);
    }
  });

  it('gives a number within its bounds or an error, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const environment = { ...REQUIRED, [ENVIRONMENT.threads]: text };
        try {
          const { threads } = readConfig(environment, 2);
          expect(Number.isInteger(threads) && threads >= 1 && threads <= 64).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
    );
  });
});
