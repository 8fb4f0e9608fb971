/** Gradings of products on Amazon DynamoDB, for the endpoint. */
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { NutrisageError } from '../../core/errors.ts';
import { gradingsQuery } from '../../core/jobs/gradings-query.ts';
import type { GradeItem } from '../../schemas/grades-dataset.ts';
import type { GradeHistory } from '../endpoint/http/lookup-routes.ts';

export function createDynamoDbGradeHistory(client: DynamoDBClient, table: string): GradeHistory {
  return {
    async gradings(code, limit) {
      const page = await client
        .send(new QueryCommand(gradingsQuery(table, code, limit)))
        .catch((cause: unknown) => {
          throw new NutrisageError(
            'table-unavailable',
            `Gradings could not be read from table ${table}: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`,
            'Try again; if it lasts, check that the table exists, its capacity and the role’s rights.',
            { cause },
          );
        });
      // Written by this project alone; its items are trusted to be of their schema.
      return (page.Items ?? []).map((item) => unmarshall(item) as GradeItem);
    },
  };
}
