import { describe, expect, it } from 'vitest';
import { readOptions } from '../../local/options.ts';

describe('the options of the local stack', () => {
  it('have defaults that work beside each other', () => {
    expect(readOptions([], {})).toEqual({
      isHelp: false,
      workers: 2,
      directory: '.nutrisage',
      port: 4566,
      tablePort: 4567,
      modelFolder: 'fixtures/model',
      queue: 'sqs',
      redisUrl: undefined,
    });
  });

  it('choose the queue, and take a Redis at hand from the environment', () => {
    const environment = { NUTRISAGE_QUEUE: 'bullmq', REDIS_URL: 'redis://redis:6379' };
    expect(readOptions([], environment)).toMatchObject({ queue: 'bullmq', redisUrl: 'redis://redis:6379' });
    expect(readOptions(['--queue', 'sqs'], environment).queue).toBe('sqs');
    expect(() => readOptions(['--queue', 'kafka'], {})).toThrow(
      '--queue is "kafka": give one of sqs, bullmq.',
    );
  });

  it('come from the environment, and from arguments before it', () => {
    const environment = { NUTRISAGE_LOCAL_DIR: '/a', NUTRISAGE_LOCAL_PORT: '5000' };
    expect(readOptions([], environment)).toMatchObject({ directory: '/a', port: 5000, tablePort: 5001 });
    const args = ['--dir', '/b', '--port', '6000', '--table-port', '7000', '--workers', '0', '--model', 'm'];
    expect(readOptions(args, environment)).toMatchObject({
      directory: '/b',
      port: 6000,
      tablePort: 7000,
      workers: 0,
      modelFolder: 'm',
    });
  });

  it('take any free port for the tables beside any free one', () => {
    expect(readOptions(['--port', '0'], {})).toMatchObject({ port: 0, tablePort: 0 });
  });

  it('name every fault at once', () => {
    expect(() => readOptions(['--port', '70000', '--workers', '1.5'], {})).toThrow(
      '--port is "70000": give a whole number from 0 to 65534; --workers is "1.5": give a whole number from 0 to 64.',
    );
    expect(() => readOptions([], { NUTRISAGE_LOCAL_PORT: 'http' })).toThrow(
      /^NUTRISAGE_LOCAL_PORT is "http"/,
    );
    expect(() => readOptions(['--wrokers', '2'], {})).toThrow('--wrokers');
  });
});
