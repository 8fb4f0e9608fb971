/** `nutrisage dlq list`: what was given up, and why. */
import { EXIT_CODES } from '../../schemas/names.ts';
import { renderDeadLetters } from '../output/render-dead-letters.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { DeadLetter } from './dead-letters.ts';
import { type LetterSelection, selectLetters } from './select-letters.ts';
import { withLetters } from './with-letters.ts';

export async function dlqList(
  selection: LetterSelection,
  { services }: CommandContext,
): Promise<CommandResult> {
  return withLetters(services, async (letters) => {
    const { chosen, rest } = selectLetters(letters, selection);
    return {
      document: { deadLetters: chosen.map(documentOf), others: rest.length },
      text: renderDeadLetters(chosen, rest.length),
      exitCode: EXIT_CODES.ok,
    };
  });
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
