/** Reads the dead-letter queue for one command, and gives back what the command leaves there. */
import { type DeadLetter, groupDeadLetters } from './dead-letters.ts';
import type { BuriedMessage, Services } from './ports.ts';

/** @param use gets the letters, with the ledger's reasons, and a way to say which are gone for good */
export async function withLetters<T>(
  services: Services,
  use: (letters: readonly DeadLetter[], remove: (letter: DeadLetter) => Promise<void>) => Promise<T>,
): Promise<T> {
  const messages = await services.deadLetters.receiveAll();
  const stay = new Set<BuriedMessage>(messages);
  try {
    const letters = await withLedgersReasons(groupDeadLetters(messages), services);
    return await use(letters, async ({ copies }) => {
      await services.deadLetters.remove(copies);
      for (const copy of copies) stay.delete(copy);
    });
  } finally {
    await services.deadLetters.release([...stay]);
  }
}

/** A message that the queue itself moved says nothing; the shard's record may. */
async function withLedgersReasons(
  letters: readonly DeadLetter[],
  { ledger }: Services,
): Promise<readonly DeadLetter[]> {
  const told: DeadLetter[] = [];
  for (const letter of letters) {
    const { job, shard, failure } = letter;
    const isUntold = failure === undefined && job !== undefined && shard !== undefined;
    const record = isUntold ? await ledger.shard(job, shard) : undefined;
    told.push(record?.failure === undefined ? letter : { ...letter, failure: record.failure });
  }
  return told;
}
