import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientConfigurations } from '../../../local/stack/service-clients.ts';
import { RESOURCES } from '../../../schemas/names.ts';
import { createDynamoDbLedger } from '../../../worker/adapters/dynamodb-ledger.ts';
import { describeLedger } from '../../contracts/ledger.ts';
import { startTestStack } from '../../support/stack.ts';

describeLedger('Amazon DynamoDB', async () => {
  const stack = await startTestStack();
  const client = new DynamoDBClient(clientConfigurations(stack.servers).dynamodb);
  return {
    ledger: createDynamoDbLedger(client, RESOURCES.jobsTable),
    async stop() {
      client.destroy();
      await stack.stop();
    },
  };
});
