/** `nutrisage dlq show`: everything that is known of what was given up: messages as they are, and the ledger's record. */
import { EXIT_CODES } from '../../schemas/names.ts';
import { renderDeadLettersWhole } from '../output/render-dead-letters.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { DeadLetter } from './dead-letters.ts';
import { documentOf } from './dlq-list.ts';
import type { Services } from './ports.ts';
import { assertFound, type LetterSelection, selectLetters } from './select-letters.ts';
import { withLetters } from './with-letters.ts';

export async function dlqShow(
  selection: LetterSelection,
  { services }: CommandContext,
): Promise<CommandResult> {
  return withLetters(services, async (letters) => {
    assertFound(selection, letters);
    const { chosen } = selectLetters(letters, selection);
    const shown = await Promise.all(
      chosen.map(async (letter) => ({ letter, record: await recordOf(letter, services) })),
    );
    return {
      document: {
        deadLetters: shown.map(({ letter, record }) => ({
          ...documentOf(letter),
          messages: letter.copies.map(({ id, body, buriedAt }) => ({ id, body, buriedAt: buriedAt ?? null })),
          record: record ?? null,
        })),
      },
      text: renderDeadLettersWhole(shown),
      exitCode: EXIT_CODES.ok,
    };
  });
}

async function recordOf({ job, shard }: DeadLetter, { ledger }: Services) {
  if (job === undefined) return undefined;
  return shard === undefined ? ledger.job(job) : ledger.shard(job, shard);
}
