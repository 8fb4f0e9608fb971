import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { textColumn } from '../../../core/items/item-columns.ts';
import type { GradedColumns } from '../../../core/parquet/graded-columns.ts';
import { WARNING_CODES } from '../../../core/validation/codes.ts';
import { clientConfigurations } from '../../../local/stack/service-clients.ts';
import { NO_GRADE } from '../../../schemas/grade.ts';
import { GradeItem } from '../../../schemas/grades-dataset.ts';
import { RESOURCES } from '../../../schemas/names.ts';
import { createParser } from '../../../schemas/parse.ts';
import { createDynamoDbGradeSink } from '../../../worker/adapters/dynamodb-grade-sink.ts';
import type { GradeSink } from '../../../worker/grading/grade-sink.ts';
import { JOB, MODEL, SUBMITTED_AT } from '../../support/records.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const items = createParser('the grade item', GradeItem);
const GRADING = { job: JOB, submittedAt: SUBMITTED_AT };
const never = (): boolean => false;

let stack: TestStack;
let client: DynamoDBClient;
let code: string;
let codes = 0;

beforeAll(async () => {
  stack = await startTestStack();
  client = new DynamoDBClient(clientConfigurations(stack.servers).dynamodb);
});
afterAll(async () => {
  client.destroy();
  await stack.stop();
});
beforeEach(() => {
  codes += 1;
  code = `400000000000${codes}`;
});

/** Rows of one product: `final` b with score 1, else graded by the model. */
function rows(count: number, changes: Partial<GradedColumns> = {}): GradedColumns {
  const probabilities = new Float32Array(count * 5);
  for (let row = 0; row < count; row += 1) probabilities.set([0.1, 0.6, 0.2, 0.05, 0.05], row * 5);
  return {
    rowCount: count,
    codes: textColumn(new Array<string>(count).fill(code)),
    rowNumbers: Float64Array.from({ length: count }, (_, row) => row),
    grade: new Uint8Array(count).fill(1),
    source: new Uint8Array(count),
    officialStatus: new Uint8Array(count).fill(1),
    officialGrade: new Uint8Array(count).fill(1),
    officialScore: new Int8Array(count).fill(1),
    modelGrade: new Uint8Array(count).fill(1),
    probabilities,
    warnings: new Uint32Array(count),
    modelVersion: MODEL,
    ...changes,
  };
}

const sinkOn = (of: DynamoDBClient): GradeSink =>
  createDynamoDbGradeSink({ client: of, table: RESOURCES.gradesTable, retentionDays: 30 });

/** Items of the code, latest first. */
async function stored(limit = 1000): Promise<GradeItem[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: RESOURCES.gradesTable,
      KeyConditionExpression: 'code = :code',
      ExpressionAttributeValues: { ':code': { S: code } },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return Items.map((item) => items.parse(unmarshall(item)));
}

describe('the items of a graded shard', () => {
  it('tell grade, source, official grade, probabilities, warnings and model', async () => {
    await sinkOn(client).write(
      rows(1, { rowNumbers: Float64Array.of(42), warnings: Uint32Array.of(0b101) }),
      GRADING,
      never,
    );
    expect(await stored()).toEqual([
      {
        code,
        sk: `${SUBMITTED_AT}#${JOB}#000000000042`,
        job: JOB,
        rowNumber: 42,
        gradedFor: SUBMITTED_AT,
        grade: 'b',
        source: 'official',
        officialGrade: 'b',
        officialScore: 1,
        officialStatus: 'final',
        modelGrade: 'b',
        probabilities: [0.1, 0.6, 0.2, 0.05, 0.05],
        warnings: [WARNING_CODES[0], WARNING_CODES[2]],
        modelVersion: MODEL,
        expiresAt: Date.parse(SUBMITTED_AT) / 1000 + 30 * 86_400,
      },
    ]);
  });

  it('leave out what there is not', async () => {
    const none = {
      source: Uint8Array.of(1),
      officialStatus: Uint8Array.of(0),
      officialGrade: Uint8Array.of(NO_GRADE),
    };
    await sinkOn(client).write(rows(1, none), GRADING, never);
    const [item] = await stored();
    expect(item).toMatchObject({ source: 'model', modelGrade: 'b' });
    for (const name of ['officialGrade', 'officialScore', 'officialStatus', 'warnings']) {
      expect(item).not.toHaveProperty(name);
    }
  });

  it('tell a provisional grade beside the model’s', async () => {
    const provisional = {
      grade: Uint8Array.of(3),
      source: Uint8Array.of(1),
      officialStatus: Uint8Array.of(2),
      officialScore: Int8Array.of(-4),
      modelGrade: Uint8Array.of(3),
    };
    await sinkOn(client).write(rows(1, provisional), GRADING, never);
    expect(await stored()).toMatchObject([
      { grade: 'd', source: 'model', officialGrade: 'b', officialScore: -4, officialStatus: 'provisional' },
    ]);
  });

  it('are the same when they are written again, for a shard of many calls', async () => {
    const many = rows(130);
    await sinkOn(client).write(many, GRADING, never);
    const first = await stored();
    expect(first.map(({ rowNumber }) => rowNumber)).toEqual(
      Array.from({ length: 130 }, (_, row) => 129 - row),
    );
    await sinkOn(client).write(many, GRADING, never);
    expect(await stored()).toEqual(first);
  });

  it('are kept of every grading, the latest submitted first although an older one is written late', async () => {
    const later = { job: 'f'.repeat(16), submittedAt: '2026-11-24T10:00:00.000Z' };
    await sinkOn(client).write(rows(1, { grade: Uint8Array.of(4) }), later, never);
    await sinkOn(client).write(rows(1), GRADING, never);
    expect(await stored(1)).toMatchObject([{ grade: 'e', gradedFor: later.submittedAt }]);
    expect(await stored()).toHaveLength(2);
  });

  it('are none for no rows', async () => {
    await sinkOn(client).write(rows(0), GRADING, never);
    expect(await stored()).toEqual([]);
  });
});

describe('a table in trouble', () => {
  const opened: { server: Server; throttled: DynamoDBClient }[] = [];
  afterEach(() => {
    for (const { server, throttled } of opened.splice(0)) {
      throttled.destroy();
      server.closeAllConnections();
      server.close();
    }
  });

  /** The real table behind a server that leaves all but `taken` items of each of its first `calls` calls unprocessed. */
  async function throttling(calls: number, taken: number): Promise<{ sink: GradeSink; calls: () => number }> {
    let seen = 0;
    const server = createServer((request, response) => {
      void (async () => {
        seen += 1;
        const body = await bodyOf(request);
        // Of a call that was broken off.
        if (body === '') return;
        const asked = JSON.parse(body).RequestItems[RESOURCES.gradesTable] as object[];
        const kept = seen <= calls ? asked.slice(0, taken) : asked;
        const left = asked.slice(kept.length);
        if (kept.length > 0) await forward(request, { RequestItems: { [RESOURCES.gradesTable]: kept } });
        const UnprocessedItems = left.length > 0 ? { [RESOURCES.gradesTable]: left } : {};
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ UnprocessedItems }));
      })();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const configuration = clientConfigurations(stack.servers).dynamodb;
    const throttled = new DynamoDBClient({ ...configuration, endpoint: `http://127.0.0.1:${port}` });
    opened.push({ server, throttled });
    return { sink: sinkOn(throttled), calls: () => seen };
  }

  /** A table that answers `failedCall` with an error at once and every other call 20 ms later. */
  async function failingAt(
    failedCall: number,
  ): Promise<{ client: DynamoDBClient; calls: () => number; underWay: () => number }> {
    let seen = 0;
    let waiting = 0;
    const server = createServer((request, response) => {
      seen += 1;
      waiting += 1;
      const call = seen;
      const answer = (status: number, body: object): void => {
        waiting -= 1;
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify(body));
      };
      request.resume();
      if (call === failedCall) answer(400, { __type: 'ValidationException', message: `call ${call} fails` });
      else setTimeout(() => answer(200, { UnprocessedItems: {} }), 20);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const configuration = clientConfigurations(stack.servers).dynamodb;
    const throttled = new DynamoDBClient({ ...configuration, endpoint: `http://127.0.0.1:${port}` });
    opened.push({ server, throttled });
    return { client: throttled, calls: () => seen, underWay: () => waiting };
  }

  async function bodyOf(request: IncomingMessage): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    return Buffer.concat(parts).toString();
  }

  async function forward(request: IncomingMessage, body: object): Promise<void> {
    const headers = ['x-amz-target', 'authorization', 'x-amz-date', 'content-type'].map(
      (name) => [name, String(request.headers[name])] as [string, string],
    );
    const answer = await fetch(stack.servers.tableEndpoint, {
      method: 'POST',
      headers: [...headers],
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  it('has every item in the end, when it leaves some unprocessed at first', async () => {
    const { sink, calls } = await throttling(2, 10);
    await sink.write(rows(25), GRADING, never);
    expect(await stored()).toHaveLength(25);
    expect(calls()).toBe(3);
  });

  it('stops within a call when the worker is interrupted, however it is throttled', async () => {
    const { sink, calls } = await throttling(Number.POSITIVE_INFINITY, 0);
    const interrupted = (): boolean => calls() >= 2;
    await expect(sink.write(rows(25), GRADING, interrupted)).rejects.toMatchObject({ code: 'interrupted' });
    expect(calls()).toBe(2);
  });

  it('stops between calls when the worker is interrupted', async () => {
    let asked = 0;
    const interrupted = (): boolean => {
      asked += 1;
      return asked > 10;
    };
    const writing = sinkOn(client).write(rows(1000), GRADING, interrupted);
    await expect(writing).rejects.toMatchObject({ code: 'interrupted' });
    expect((await stored()).length).toBeLessThan(1000);
  });

  it('is unavailable, and worth another attempt, when nobody answers', async () => {
    const nobody = new DynamoDBClient({
      ...clientConfigurations(stack.servers).dynamodb,
      endpoint: 'http://127.0.0.1:1',
      maxAttempts: 1,
    });
    const failure = await sinkOn(nobody)
      .write(rows(1), GRADING, never)
      .catch((error: unknown) => error);
    nobody.destroy();
    expect(failure).toMatchObject({ code: 'table-unavailable', disposition: 'retry' });
    expect((failure as Error).message).toContain(RESOURCES.gradesTable);
  });

  it('begins no call, and has none under way, once one has failed', async () => {
    const { client: failing, calls, underWay } = await failingAt(3);
    const failure = await sinkOn(failing)
      .write(rows(1000), GRADING, never)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'table-unavailable' });
    expect((failure as Error).message).toContain('call 3 fails');
    expect(underWay()).toBe(0);
    // Eight begin together, and a slow machine may hear of the failure late; 1,000 rows are 40 calls.
    expect(calls()).toBeLessThan(20);
  });

  it('is unavailable when it is not there', async () => {
    const sink = createDynamoDbGradeSink({ client, table: 'no-such-table', retentionDays: 1 });
    await expect(sink.write(rows(1), GRADING, never)).rejects.toMatchObject({ code: 'table-unavailable' });
  });
});
