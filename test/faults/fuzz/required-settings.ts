/** What a worker's configuration must have, of no stack: for the defaults of all that need not be set. */
import { ENVIRONMENT } from '../../../schemas/names.ts';

export const REQUIRED: Readonly<Record<string, string>> = {
  [ENVIRONMENT.jobsQueueUrl]: 'http://127.0.0.1/jobs',
  [ENVIRONMENT.deadLetterQueueUrl]: 'http://127.0.0.1/dead',
  [ENVIRONMENT.dataBucket]: 'data',
  [ENVIRONMENT.modelBucket]: 'models',
  [ENVIRONMENT.jobsTable]: 'jobs',
};
