import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findStack, settleConfiguration } from '../../producer/configuration.ts';
import { LOCAL_STACK_DIRECTORY, LOCAL_STACK_FILE } from '../../schemas/local-stack.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';

const ON_AWS = {
  [ENVIRONMENT.jobsQueueUrl]: 'https://sqs.eu-west-1.amazonaws.com/1/jobs',
  [ENVIRONMENT.deadLetterQueueUrl]: 'https://sqs.eu-west-1.amazonaws.com/1/dead',
  [ENVIRONMENT.dataBucket]: 'data-on-aws',
  [ENVIRONMENT.jobsTable]: 'jobs-on-aws',
};
const ON_STACK = {
  ...ON_AWS,
  [ENVIRONMENT.dataBucket]: 'data-of-stack',
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};
const running = { directory: '/somewhere', environment: ON_STACK, isRunning: true };

describe('settling the configuration', () => {
  it('takes the environment alone when it names everything, though a stack runs', () => {
    const { dataBucket, aws } = settleConfiguration({ ...ON_AWS, AWS_REGION: 'eu-west-1' }, running);
    expect(dataBucket).toBe('data-on-aws');
    expect(aws).toMatchObject({ region: 'eu-west-1', storeEndpoint: undefined, credentials: undefined });
  });

  it('takes from the stack what the environment leaves out', () => {
    const { dataBucket, jobsTable, aws } = settleConfiguration({ [ENVIRONMENT.jobsTable]: 'mine' }, running);
    expect({ dataBucket, jobsTable }).toEqual({ dataBucket: 'data-of-stack', jobsTable: 'mine' });
    expect(aws).toMatchObject({
      storeEndpoint: 'http://127.0.0.1:4566',
      credentials: { accessKeyId: 'local' },
    });
  });

  it('takes a blank variable for one that is not set', () => {
    expect(settleConfiguration({ [ENVIRONMENT.dataBucket]: ' ' }, running).dataBucket).toBe('data-of-stack');
  });

  it('tells a stack that has stopped from none at all', () => {
    const stopped = { ...running, isRunning: false };
    expect(() => settleConfiguration({}, stopped)).toThrow(/stack of \/somewhere is not running/);
    expect(() => settleConfiguration({}, undefined)).toThrow(/no local stack runs here/);
  });

  it('names every variable that is no address', () => {
    const wrong = { ...ON_AWS, [ENVIRONMENT.jobsQueueUrl]: 'jobs', AWS_ENDPOINT_URL_S3: 'localhost:4566' };
    expect(() => settleConfiguration(wrong, undefined)).toThrow(
      /QUEUE_URL is "jobs".*AWS_ENDPOINT_URL_S3 is "localhost:4566"/,
    );
  });
});

describe('finding a stack', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nutrisage-configuration-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function stackFile(directory: string, content: object | string): Promise<void> {
    await mkdir(join(folder, directory), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(folder, directory, LOCAL_STACK_FILE), text);
  }
  const file = (pid: number) => ({ pid, startedAt: '2026-11-23T00:00:00.000Z', environment: ON_STACK });

  it('finds none where none was started', async () => {
    expect(await findStack({}, folder)).toBeUndefined();
  });

  it('finds the one of the working directory, and the one that the environment names', async () => {
    await stackFile(LOCAL_STACK_DIRECTORY, file(process.pid));
    await stackFile('other', file(process.pid));
    expect(await findStack({}, folder)).toMatchObject({ isRunning: true, environment: ON_STACK });
    const named = await findStack({ [ENVIRONMENT.localDirectory]: 'other' }, folder);
    expect(named?.directory).toBe(join(folder, 'other'));
  });

  it('sees that its process is gone', async () => {
    // Above the highest process id of Linux, 2^22.
    await stackFile(LOCAL_STACK_DIRECTORY, file(4_194_305));
    expect((await findStack({}, folder))?.isRunning).toBe(false);
  });

  it('says what is wrong with a file that is none of a stack', async () => {
    await stackFile(LOCAL_STACK_DIRECTORY, '{"pid": ');
    await expect(findStack({}, folder)).rejects.toThrow(/stack\.json cannot be used/);
    await stackFile(LOCAL_STACK_DIRECTORY, { pid: 'x' });
    await expect(findStack({}, folder)).rejects.toThrow(/stack\.json cannot be used/);
  });
});
