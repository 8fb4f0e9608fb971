/** Which of the dead letters a command is about. Pure. */
import { CommandError } from '../command-error.ts';
import type { DeadLetter, LetterKind } from './dead-letters.ts';

export interface LetterSelection {
  /** Everything that the other filters let through, whatever the job. */
  readonly all: boolean;
  readonly jobs: readonly string[];
  /** Of the failure, such as `object-missing`. */
  readonly code: string | undefined;
  readonly kind: LetterKind | undefined;
}

/** The letters that are chosen and those that stay. */
export function selectLetters(letters: readonly DeadLetter[], selection: LetterSelection) {
  const { all, jobs, code, kind } = selection;
  const isChosen = (letter: DeadLetter): boolean =>
    (all || (letter.job !== undefined && jobs.includes(letter.job))) &&
    (code === undefined || letter.failure?.code === code) &&
    (kind === undefined || letter.kind === kind);
  return { chosen: letters.filter(isChosen), rest: letters.filter((letter) => !isChosen(letter)) };
}

/**
 * A job named on purpose must have something here, or its name is wrong; everything of nothing is no fault.
 * @throws {CommandError} `no-dead-letters`
 */
export function assertFound({ all, jobs }: LetterSelection, letters: readonly DeadLetter[]): void {
  if (all) return;
  const present = new Set(letters.map(({ job }) => job));
  const absent = jobs.filter((job) => !present.has(job));
  if (absent.length === 0) return;
  throw new CommandError(
    'no-dead-letters',
    `the dead-letter queue holds nothing of job ${absent.join(', ')}; nothing was done`,
    '`nutrisage dlq list` shows what it holds; what another command is just reading is seen again within a minute.',
  );
}
