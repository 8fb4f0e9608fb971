import { describe, expect, it } from 'vitest';
import { readEndpointConfig as read } from '../../../worker/endpoint/config.ts';
import { ConfigError } from '../../../worker/settings.ts';

const readEndpointConfig = (environment: Record<string, string>) => read(environment, '1.2.3');
const LEAST = { NUTRISAGE_MODEL_BUCKET: 'models' };
const KEYS = JSON.stringify([{ client: 'shop', sha256: ['a'.repeat(64)] }]);

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readEndpointConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message
      .split('\n')
      .slice(1)
      .map((line) => line.replace('  - ', ''));
  }
  throw new Error('It was taken.');
}

describe('the endpoint’s configuration', () => {
  it('needs a bucket of models, and is for this machine alone', () => {
    const config = readEndpointConfig(LEAST);
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      modelBucket: 'models',
      gradesTable: undefined,
      clients: undefined,
      rules: '2023',
      engine: 'auto',
      app: { bodyBytesMax: 1_048_576, listItemsMax: 1000, corsOrigins: [] },
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.app)).toBe(true);
  });

  it('is for all once it has keys', () => {
    const config = readEndpointConfig({ ...LEAST, NUTRISAGE_API_KEYS: KEYS });
    expect([config.host, config.clients?.[0]?.client]).toEqual(['0.0.0.0', 'shop']);
    expect(
      readEndpointConfig({ ...LEAST, NUTRISAGE_API_KEYS: KEYS, NUTRISAGE_ENDPOINT_HOST: '10.0.0.1' }).host,
    ).toBe('10.0.0.1');
  });

  it('keeps connections longer than a load balancer does', () => {
    expect(readEndpointConfig(LEAST).app.idleSeconds).toBeGreaterThan(60);
  });

  it('takes origins of pages that may call it', () => {
    const config = readEndpointConfig({
      ...LEAST,
      NUTRISAGE_CORS_ORIGINS: 'https://shop.example, http://localhost:3000',
    });
    expect(config.app.corsOrigins).toEqual(['https://shop.example', 'http://localhost:3000']);
  });

  it.each([
    [
      { NUTRISAGE_ENDPOINT_HOST: '0.0.0.0' },
      /NUTRISAGE_API_KEYS is not set, so that anyone there could use it/,
    ],
    [
      { NUTRISAGE_API_KEYS: 'nutrisage_shop_secret' },
      /NUTRISAGE_API_KEYS can not be used \(it is not JSON\)/,
    ],
    [{ NUTRISAGE_API_KEYS: '[]' }, /NUTRISAGE_API_KEYS can not be used/],
    [
      { NUTRISAGE_API_KEYS: KEYS.replace('shop', 'Shop!') },
      /NUTRISAGE_API_KEYS can not be used .*\/0\/client/,
    ],
    [
      { NUTRISAGE_API_KEYS: JSON.stringify([...JSON.parse(KEYS), ...JSON.parse(KEYS)]) },
      /has the client "shop" twice/,
    ],
    [{ NUTRISAGE_CORS_ORIGINS: 'shop.example' }, /give origins such as https/],
    [{ NUTRISAGE_CORS_ORIGINS: 'https://shop.example/path' }, /give origins such as https/],
    [{ NUTRISAGE_CORS_ORIGINS: '*' }, /give origins such as https/],
    [
      { NUTRISAGE_ENDPOINT_PORT: '99999' },
      /NUTRISAGE_ENDPOINT_PORT is "99999": give a whole number from 0 to 65535/,
    ],
    [{ NUTRISAGE_LIST_ITEMS_MAX: '2000' }, /from 1 to 1000/],
    [{ NUTRISAGE_RULES: '2017' }, /give one of 2023, 2021/],
  ])('refuses %j', (environment, fault) => {
    expect(faultsOf({ ...LEAST, ...environment })).toEqual([expect.stringMatching(fault)]);
  });

  it('tells every fault at once, and no part of a key', () => {
    const faults = faultsOf({ NUTRISAGE_API_KEYS: 'nutrisage_shop_secret', NUTRISAGE_ENDPOINT_PORT: 'x' });
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toContain('secret');
  });
});
