import { describe, expect, it } from 'vitest';
import { readOptions } from '../../local/options.ts';

describe('the options of the local stack', () => {
  it('have defaults that work beside each other', () => {
    expect(readOptions([], {})).toEqual({
      isHelp: false,
      workers: 2,
      autoscale: undefined,
      directory: '.nutrisage',
      port: 4566,
      tablePort: 4567,
      dashboardPort: 4569,
      alarmSpeed: 1,
      endpointPort: 8080,
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
    expect(readOptions([], environment)).toMatchObject({
      directory: '/a',
      port: 5000,
      tablePort: 5001,
      dashboardPort: 5003,
    });
    const args = ['--dir', '/b', '--port', '6000', '--table-port', '7000', '--workers', '0', '--model', 'm'];
    args.push('--dashboard-port', '8000', '--alarm-speed', '60');
    expect(readOptions(args, environment)).toMatchObject({
      dashboardPort: 8000,
      alarmSpeed: 60,
      directory: '/b',
      port: 6000,
      tablePort: 7000,
      workers: 0,
      modelFolder: 'm',
    });
  });

  it('take any free ports beside any free one', () => {
    expect(readOptions(['--port', '0'], {})).toMatchObject({
      port: 0,
      tablePort: 0,
      dashboardPort: 0,
    });
  });

  it('give a range of workers, which begins with the fewest', () => {
    expect(readOptions(['--autoscale', '1:4'], {})).toMatchObject({
      workers: 1,
      autoscale: { tasksMin: 1, tasksMax: 4 },
    });
    expect(readOptions(['--autoscale', '0:2', '--workers', '2'], {})).toMatchObject({ workers: 2 });
    expect(() => readOptions(['--autoscale', '1:4', '--workers', '5'], {})).toThrow(
      '--workers is "5": give a whole number from 1 to 4',
    );
  });

  it.each([
    ['4', 'the second number of --autoscale is "": give a whole number from 4 to 64'],
    ['4:2', 'the second number of --autoscale is "2": give a whole number from 4 to 64'],
    ['a:2', 'the first number of --autoscale is "a": give a whole number from 0 to 64'],
    ['0:0', 'the second number of --autoscale is "0": give a whole number from 1 to 64'],
    ['1:2:3', 'the second number of --autoscale is "2:3": give a whole number from 1 to 64'],
  ])('have no range %s', (range, fault) => {
    expect(() => readOptions(['--autoscale', range], {})).toThrow(fault);
  });

  it('take another port for the endpoint, or none', () => {
    expect(readOptions(['--endpoint', '0'], {})).toMatchObject({ endpointPort: 0 });
    expect(readOptions(['--endpoint', 'none'], {}).endpointPort).toBeUndefined();
    expect(() => readOptions(['--endpoint', 'no'], {})).toThrow('--endpoint is "no": give a whole number');
  });

  it('name every fault at once', () => {
    expect(() => readOptions(['--port', '70000', '--workers', '1.5'], {})).toThrow(
      '--port is "70000": give a whole number from 0 to 65532; --workers is "1.5": give a whole number from 0 to 64.',
    );
    expect(() => readOptions([], { NUTRISAGE_LOCAL_PORT: 'http' })).toThrow(
      /^NUTRISAGE_LOCAL_PORT is "http"/,
    );
    expect(() => readOptions(['--wrokers', '2'], {})).toThrow('--wrokers');
  });
});
