import { NutrisageError } from '../core/errors.ts';

/** What whoever works on a shard throws once it is to be left to another worker: it is no failure. */
export function interrupted(): NutrisageError {
  return new NutrisageError('interrupted', 'The worker is stopping.', 'Another worker takes the shard.');
}
