/**
 * `nutrisage dlq redrive`: gives work another try. Each letter is sent before its copies are removed: a command
 * killed between the two leaves a letter too many, and sending it once more is harmless.
 */
import pLimit from 'p-limit';
import { EXIT_CODES } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import { renderRedrive } from '../output/render-dead-letters.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { type DeadLetter, groupDeadLetters, planRedrive, type RedriveSelection } from './dead-letters.ts';
import { documentOf } from './dlq-list.ts';
import type { BuriedMessage, Services } from './ports.ts';

const SENDS_AT_ONCE = 8;

export async function dlqRedrive(
  selection: RedriveSelection,
  context: CommandContext,
): Promise<CommandResult> {
  const { services, signal } = context;
  const messages = await services.deadLetters.receiveAll();
  const stay = new Set<BuriedMessage>(messages);
  try {
    const letters = groupDeadLetters(messages);
    const { send, keep } = planRedrive(letters, selection);
    assertFound(selection, letters);
    const limit = pLimit(SENDS_AT_ONCE);
    const sendings = send.map((letter) =>
      limit(async () => {
        signal.throwIfAborted();
        await sendBack(letter, services);
        for (const copy of letter.copies) stay.delete(copy);
      }),
    );
    // All are awaited, so that none is still under way when the rest is released.
    const failed = (await Promise.allSettled(sendings)).find((sending) => sending.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return {
      document: { redriven: send.map(documentOf), left: keep.length },
      text: renderRedrive(send, keep.length),
      exitCode: EXIT_CODES.ok,
    };
  } finally {
    await services.deadLetters.release([...stay]);
  }
}

async function sendBack(letter: DeadLetter, { jobsQueue, deadLetters }: Services): Promise<void> {
  await jobsQueue.send(letter.redriveBody);
  await deadLetters.remove(letter.copies);
}

/** A job named on purpose must have something here, or its name is wrong; `--all` of nothing is no fault. */
function assertFound({ all, jobs }: RedriveSelection, letters: readonly DeadLetter[]): void {
  if (all) return;
  const present = new Set(letters.map(({ job }) => job));
  const absent = jobs.filter((job) => !present.has(job));
  if (absent.length === 0) return;
  throw new CommandError(
    'no-dead-letters',
    `the dead-letter queue holds nothing of job ${absent.join(', ')}; nothing was sent`,
    '`nutrisage dlq list` shows what it holds; what another command is just reading is seen again within a minute.',
  );
}
