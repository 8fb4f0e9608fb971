import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESOURCES } from '../../../schemas/names.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';
import { runModel } from './command.ts';

/** What the gates ask for. */
const GOOD = { 'parity.difference_max': 0.000001, 'accuracy.complete': 0.9, 'accuracy.all': 0.8 };

describe('a registry on the local stack', () => {
  let stack: TestStack;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nutrisage-model-on-stack-'));
    stack = await startTestStack();
  });
  afterAll(async () => {
    await stack.stop();
    await rm(folder, { recursive: true });
  });

  it('is found by the environment, by the stack of the folder, and by its name', async () => {
    const version = await writeTinyModel(join(folder, 'model'), { metrics: GOOD });
    const { code, stderr } = await runModel(['publish', 'model'], folder, stack.environment);
    expect(code, stderr).toBe(0);
    const here = { NUTRISAGE_LOCAL_DIR: stack.directory };
    expect(await runModel(['promote', version], folder, here)).toMatchObject({ code: 0 });
    const place = `s3://${RESOURCES.modelBucket}`;
    const { NUTRISAGE_MODEL_BUCKET: _, ...services } = stack.environment;
    const { stdout } = await runModel(['list', '--json', '--to', place], folder, services);
    expect(JSON.parse(stdout)).toMatchObject({ place, current: version });
  });

  it('says that its store does not answer', async () => {
    const away = { ...stack.environment, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' };
    const { code, stderr } = await runModel(['list', '--json'], folder, away);
    expect(code).toBe(1);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'place-unreachable' });
  });
});
