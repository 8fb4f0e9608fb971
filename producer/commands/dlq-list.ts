/** `nutrisage dlq list`: what was given up, and why. */
import { EXIT_CODES } from '../../schemas/names.ts';
import { renderDeadLetters } from '../output/render-dead-letters.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { type DeadLetter, groupDeadLetters } from './dead-letters.ts';
import type { Services } from './ports.ts';

export async function dlqList({ services }: CommandContext): Promise<CommandResult> {
  const messages = await services.deadLetters.receiveAll();
  try {
    const letters = await withLedgersReasons(groupDeadLetters(messages), services);
    return {
      document: { deadLetters: letters.map(documentOf) },
      text: renderDeadLetters(letters),
      exitCode: EXIT_CODES.ok,
    };
  } finally {
    await services.deadLetters.release(messages);
  }
}

/** A message that SQS itself moved says nothing; the shard's record may. */
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

/** The letter without receipts and bodies, absent values as null. */
export function documentOf(letter: DeadLetter) {
  const { kind, job, shard, files, rows, redrive, failure, buriedAt, copies } = letter;
  return {
    kind,
    job: job ?? null,
    shard: shard ?? null,
    files,
    rows: rows ?? null,
    redrive,
    failure: failure ?? null,
    buriedAt: buriedAt ?? null,
    copies: copies.length,
  };
}
