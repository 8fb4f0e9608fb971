/** Gradings of products on Amazon DynamoDB: key `code` + `sk`, which begins with the time of submission. */
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { gradingsQuery } from '../../core/jobs/gradings-query.ts';
import { GradeItem } from '../../schemas/grades-dataset.ts';
import { createParser } from '../../schemas/parse.ts';
import type { GradeHistory } from '../commands/ports.ts';
import { translateAwsError } from './translate-aws-error.ts';

const gradeItem = createParser('the grading in the table', GradeItem);

export function createDynamoDbGradeHistory(
  client: DynamoDBClient,
  table: string,
  endpoint: string | undefined,
): GradeHistory {
  return {
    async gradings(code, limit) {
      try {
        const page = await client.send(new QueryCommand(gradingsQuery(table, code, limit)));
        return (page.Items ?? []).map((item) => gradeItem.parse(unmarshall(item)));
      } catch (error) {
        throw translateAwsError(error, { name: 'table', endpoint }, `table ${table}`);
      }
    },
  };
}
