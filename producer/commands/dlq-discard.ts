/**
 * `nutrisage dlq discard`: throws away what can not be mended. Jobs stay as they were closed, with their failures; the
 * messages are gone for good, so nothing goes without `--yes`.
 */
import { EXIT_CODES } from '../../schemas/names.ts';
import { renderDiscard } from '../output/render-dead-letters.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { documentOf } from './dlq-list.ts';
import { forEachLetter } from './for-each-letter.ts';
import { assertFound, type LetterSelection, selectLetters } from './select-letters.ts';
import { withLetters } from './with-letters.ts';

export interface DiscardRequest extends LetterSelection {
  /** Without it, what would be discarded is told alone. */
  readonly isMeant: boolean;
}

export async function dlqDiscard(
  request: DiscardRequest,
  { services, signal }: CommandContext,
): Promise<CommandResult> {
  return withLetters(services, async (letters, remove) => {
    const { chosen, rest } = selectLetters(letters, request);
    assertFound(request, letters);
    if (request.isMeant) await forEachLetter(chosen, signal, remove);
    const left = request.isMeant ? rest.length : letters.length;
    return {
      document: { discarded: request.isMeant, deadLetters: chosen.map(documentOf), left },
      text: renderDiscard(chosen, left, request.isMeant),
      exitCode: EXIT_CODES.ok,
    };
  });
}
