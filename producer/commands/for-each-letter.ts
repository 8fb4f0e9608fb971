import pLimit from 'p-limit';
import type { DeadLetter } from './dead-letters.ts';

const AT_ONCE = 8;

/**
 * Does something with each letter until Ctrl-C. All are awaited, so that none is still under way when the rest of the
 * queue is given back; the first failure is thrown then.
 */
export async function forEachLetter(
  letters: readonly DeadLetter[],
  signal: AbortSignal,
  act: (letter: DeadLetter) => Promise<void>,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const acts = letters.map((letter) =>
    limit(async () => {
      signal.throwIfAborted();
      await act(letter);
    }),
  );
  const failed = (await Promise.allSettled(acts)).find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
