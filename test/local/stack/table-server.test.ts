import { connect } from 'node:net';
import {
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESOURCES } from '../../../schemas/names.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const grading = (code: string, sk: string, grade = 'A') => ({
  code: { S: code },
  sk: { S: sk },
  grade: { S: grade },
});
const put = (code: string, sk: string, grade?: string): WriteRequest => ({
  PutRequest: { Item: grading(code, sk, grade) },
});

describe('the embedded tables', () => {
  let stack: TestStack;
  let clients: TestClients;

  beforeAll(async () => {
    stack = await startTestStack();
    clients = createClients(stack.servers);
  });
  afterAll(async () => {
    clients.destroy();
    await stack.stop();
  });

  const write = (table: string, writes: WriteRequest[]) =>
    clients.tables.send(new BatchWriteItemCommand({ RequestItems: { [table]: writes } }));
  const gradings = async (code: string) => {
    const { Items = [] } = await clients.tables.send(
      new QueryCommand({
        TableName: RESOURCES.gradesTable,
        KeyConditionExpression: 'code = :code',
        ExpressionAttributeValues: { ':code': { S: code } },
        ScanIndexForward: false,
      }),
    );
    return Items.map((item) => `${item['sk']?.S} ${item['grade']?.S}`);
  };

  it('write a batch, overwrite and delete by one, and give the latest first', async () => {
    await write(RESOURCES.gradesTable, [put('c1', '1'), put('c1', '2'), put('c2', '1')]);
    await write(RESOURCES.gradesTable, [
      put('c1', '2', 'B'),
      put('c1', '3'),
      { DeleteRequest: { Key: { code: { S: 'c1' }, sk: { S: '1' } } } },
    ]);
    expect(await gradings('c1')).toEqual(['3 A', '2 B']);
    expect(await gradings('c2')).toEqual(['1 A']);
  });

  it('refuse a batch with the same key twice, or without a key, as DynamoDB words it', async () => {
    await expect(write(RESOURCES.gradesTable, [put('c3', '1'), put('c3', '1')])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Provided list of item keys contains duplicates',
    });
    await expect(
      write(RESOURCES.gradesTable, [put('c3', '2'), { PutRequest: { Item: { code: { S: 'c3' } } } }]),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The provided key element does not match the schema',
    });
    await expect(write('no-such-table', [put('c3', '3')])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await gradings('c3')).toEqual([]);
  });

  it('keep the index of a table right under batches', async () => {
    const job = (submittedAt: string): WriteRequest => ({
      PutRequest: {
        Item: { job: { S: 'j' }, sk: { S: 'JOB' }, kind: { S: 'JOB' }, submittedAt: { S: submittedAt } },
      },
    });
    await write(RESOURCES.jobsTable, [job('2026-01-01T00:00:00.000Z')]);
    await write(RESOURCES.jobsTable, [job('2026-02-02T00:00:00.000Z')]);
    const { Items = [] } = await clients.tables.send(
      new QueryCommand({
        TableName: RESOURCES.jobsTable,
        IndexName: RESOURCES.jobsByTimeIndex,
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': { S: 'JOB' } },
      }),
    );
    expect(Items.map((item) => item['submittedAt']?.S)).toEqual(['2026-02-02T00:00:00.000Z']);
  });

  it('add up racing counts while batches write the same table', async () => {
    const Key = { code: { S: 'counter' }, sk: { S: '0' } };
    await Promise.all(
      Array.from({ length: 60 }, async (_, turn) => {
        await write(RESOURCES.gradesTable, [put('noise', String(turn)), put('noise', `${turn}b`)]);
        await clients.tables.send(
          new UpdateItemCommand({
            TableName: RESOURCES.gradesTable,
            Key,
            UpdateExpression: 'ADD finished :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          }),
        );
      }),
    );
    const { Item } = await clients.tables.send(new GetItemCommand({ TableName: RESOURCES.gradesTable, Key }));
    expect(Item?.['finished']?.N).toBe('60');
    expect(await gradings('noise')).toHaveLength(120);
  });

  it('let one of 30 racing creations win', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, writer) =>
        clients.tables.send(
          new PutItemCommand({
            TableName: RESOURCES.jobsTable,
            Item: { job: { S: 'race' }, sk: { S: 'JOB' }, writer: { N: String(writer) } },
            ConditionExpression: 'attribute_not_exists(job)',
          }),
        ),
      ),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('outlive a client that dies within a request', async () => {
    const { port } = new URL(stack.servers.tableEndpoint);
    const socket = connect(Number(port), '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"half';
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    socket.resetAndDestroy();
    await write(RESOURCES.gradesTable, [put('after', '1')]);
    expect(await gradings('after')).toEqual(['1 A']);
  });
});
