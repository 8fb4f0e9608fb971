/** What the `nutrisage` command needs to find a stage, as the stack's outputs. */
import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { queueUrl, type StageNames } from '../names.ts';

/** Each by the variable that it is set as. */
export function tellNames(stack: Stack, names: StageNames): void {
  const values: Readonly<Record<string, string>> = {
    [ENVIRONMENT.jobsQueueUrl]: queueUrl(names.jobsQueue),
    [ENVIRONMENT.deadLetterQueueUrl]: queueUrl(names.deadLetterQueue),
    [ENVIRONMENT.dataBucket]: names.dataBucket,
    [ENVIRONMENT.modelBucket]: names.modelBucket,
    [ENVIRONMENT.jobsTable]: names.jobsTable,
    [ENVIRONMENT.gradesTable]: names.gradesTable,
  };
  for (const [variable, value] of Object.entries(values)) {
    // An output's name has no underscores.
    new CfnOutput(
      stack,
      variable.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      {
        value,
        description: variable,
      },
    );
  }
}
