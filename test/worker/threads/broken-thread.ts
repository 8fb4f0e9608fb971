/** Entry of a thread that ends before it is ready, until the file that the settings name is there. */
import { existsSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { ThreadSettings } from '../../../worker/threads/thread-protocol.ts';

const { modelBucket } = workerData as ThreadSettings;
if (!existsSync(modelBucket)) throw new Error('It does not start.');
await import('./scripted-thread.ts');
