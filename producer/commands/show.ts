/** `nutrisage show`: the latest grade of one product, and its history. */
import { ENVIRONMENT, EXIT_CODES } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import { renderGradings } from '../output/render-gradings.ts';
import type { CommandContext, CommandResult } from './command.ts';

export interface ShowOptions {
  readonly code: string;
  readonly limit: number;
}

export async function show({ code, limit }: ShowOptions, context: CommandContext): Promise<CommandResult> {
  const { services, paint } = context;
  if (services.grades === undefined) {
    throw new CommandError(
      'not-configured',
      'no grades table is configured: grades lie in Parquet alone',
      `Set ${ENVIRONMENT.gradesTable}, or fetch a job's grades with \`nutrisage download\`.`,
    );
  }
  const [latest, ...earlier] = await services.grades.gradings(code, limit);
  if (latest === undefined) {
    throw new CommandError(
      'code-missing',
      `no product with the code ${code} has been graded`,
      'Codes are compared as text, leading zeros included; a rejected row leaves no grade (see the rejects of its job).',
    );
  }
  return {
    document: { code, latest, earlier },
    text: renderGradings(latest, earlier, paint),
    exitCode: EXIT_CODES.ok,
  };
}
