/**
 * `nutrisage dlq redrive`: gives work another try. Each letter is sent before its copies are removed: a command
 * killed between the two leaves a letter too many, and sending it once more is harmless.
 */
import { EXIT_CODES } from '../../schemas/names.ts';
import { renderRedrive } from '../output/render-dead-letters.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { documentOf } from './dlq-list.ts';
import { forEachLetter } from './for-each-letter.ts';
import { assertFound, type LetterSelection, selectLetters } from './select-letters.ts';
import { withLetters } from './with-letters.ts';

export async function dlqRedrive(
  selection: LetterSelection,
  { services, signal }: CommandContext,
): Promise<CommandResult> {
  return withLetters(services, async (letters, remove) => {
    const { chosen, rest } = selectLetters(letters, selection);
    assertFound(selection, letters);
    await forEachLetter(chosen, signal, async (letter) => {
      await services.jobsQueue.send(letter.redriveBody);
      await remove(letter);
    });
    return {
      document: { redriven: chosen.map(documentOf), left: rest.length },
      text: renderRedrive(chosen, rest.length),
      exitCode: EXIT_CODES.ok,
    };
  });
}
