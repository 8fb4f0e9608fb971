/** An embedded stack for one test file: free ports, a folder of its own, gone when it is stopped. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../local/start-local-stack.ts';

export interface TestStackOptions extends Partial<LocalStackOptions> {
  /** A folder to work in, which then is not deleted; by default a new one. */
  readonly directory?: string;
}

export type TestStack = LocalStack;

/**
 * Servers, buckets, queues, tables and inbox events; a model with `modelFolder`, workers with `workers`.
 * The jobs queue holds S3's test event first, as a new one does on AWS.
 */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'nutrisage-stack-')));
  const clean = async (): Promise<void> => {
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  };
  try {
    const stack = await startLocalStack({ ...options, directory, port: 0, tablePort: 0 });
    return {
      ...stack,
      async stop() {
        await stack.stop();
        await clean();
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}
