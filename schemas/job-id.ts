import Type from 'typebox';

/** Hash of what was submitted, 16 hexadecimal digits. */
export const JOB_ID_PATTERN = '^[0-9a-f]{16}$';
export const JobId = Type.String({ pattern: JOB_ID_PATTERN });

const JOB_ID = new RegExp(JOB_ID_PATTERN);

export function isJobId(text: string): boolean {
  return JOB_ID.test(text);
}
