/**
 * `npm run provision`: makes buckets and tables, and publishes the model where none is current, on the object store and the
 * table server that the AWS SDK's variables name. For a set-up of one's own; what is there already is left as it is.
 */
import { DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { RESOURCES } from '../schemas/names.ts';
import { createS3Client } from '../worker/adapters/s3-object-store.ts';
import { readArguments } from './read-arguments.ts';
import { provisionStores } from './stack/provision.ts';

const USAGE = `Usage: npm run provision -- [options]

Makes NutriSage's buckets and tables on the servers that AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB, AWS_REGION and the
AWS credentials name, and publishes the model where none is current. May be run again.

  --model D        folder of the model (default fixtures/model)
  --help           this text
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const FLAGS = { model: { type: 'string' }, help: { type: 'boolean' } } as const;

async function provisionNamed(modelFolder: string): Promise<void> {
  const s3 = createS3Client(process.env);
  const tables = new DynamoDBClient();
  try {
    await provisionStores(s3, tables, modelFolder);
    say(`Buckets ${RESOURCES.dataBucket}, ${RESOURCES.modelBucket} and their model are there.`);
    for (const table of [RESOURCES.gradesTable, RESOURCES.jobsTable]) say(await expireItems(tables, table));
  } finally {
    s3.destroy();
    tables.destroy();
  }
}

/** Not every server can; the work does not depend on it. */
async function expireItems(tables: DynamoDBClient, TableName: string): Promise<string> {
  const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
  try {
    await tables.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    return `Table ${TableName} is there; its items expire.`;
  } catch (error) {
    const { message } = error as Error;
    // A second run finds it so.
    if (/already enabled/i.test(message)) return `Table ${TableName} is there; its items expire.`;
    return `Table ${TableName} is there; its items stay for ever, as the server says: ${message}`;
  }
}

try {
  const { isHelp, modelFolder } = readArguments(
    'npm run provision',
    process.argv.slice(2),
    FLAGS,
    (values) => ({ isHelp: values.help ?? false, modelFolder: values.model ?? 'fixtures/model' }),
  );
  if (isHelp) say(USAGE);
  else await provisionNamed(modelFolder);
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
