/** What to send for a submission: pure, from its inputs and what the ledger already has. */
import { type Submission, submissionJobId } from '../../core/jobs/job-id.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import { INPUTS_MAX, MESSAGE_VERSION, type SubmissionMessage } from '../../schemas/messages.ts';
import { CommandError } from '../command-error.ts';

/** SQS's limit until August 2025, still that of many compatible servers; it is 1 MiB since. */
const MESSAGE_BYTES_MAX = 262_144;

/** The message that asks for a submission's job; its inputs are each named once, in the order given. */
export function submissionMessage(
  submission: Submission,
  submittedAt: string,
  correlation: string,
): SubmissionMessage {
  const inputs = withoutRepeats(submission.inputs);
  if (inputs.length > INPUTS_MAX)
    throw tooMany(`${inputs.length} files are more than the ${INPUTS_MAX} of one job`);
  const message: SubmissionMessage = {
    kind: 'submission',
    version: MESSAGE_VERSION,
    job: submissionJobId({ ...submission, inputs }),
    submittedAt,
    inputs: [...inputs],
    ...(submission.mapping === undefined ? {} : { mapping: submission.mapping }),
    correlation,
  };
  const bytes = Buffer.byteLength(JSON.stringify(message));
  if (bytes > MESSAGE_BYTES_MAX)
    throw tooMany(`the names of ${inputs.length} files do not fit in one message (${bytes} bytes)`);
  return message;
}

/** The same file named twice is one input: its rows would be graded twice and counted twice. */
function withoutRepeats(inputs: readonly FileReference[]): readonly FileReference[] {
  const byPlace = new Map(inputs.map((input) => [`${input.bucket}/${input.key}`, input]));
  return [...byPlace.values()];
}

function tooMany(what: string): CommandError {
  return new CommandError(
    'too-many-files',
    what,
    `Submit them in parts of at most ${INPUTS_MAX}; each is a job of its own.`,
  );
}

/**
 * Whether the message must be sent. A job still being planned gets it again: the worker that had it may be dead,
 * and a second message is harmless.
 */
export function mustSend(record: JobRecord | undefined): boolean {
  return record === undefined || record.state === 'planning';
}
