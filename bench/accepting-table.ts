/**
 * Entry of a thread that stands before the table server: it accepts every BatchWriteItem at once, so that writing items is
 * measured on the worker's side alone, and hands all else, the ledger's calls, to the real server. Items are counted.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

export interface AcceptingTableData {
  /** URL of the real server. */
  readonly tableEndpoint: string;
  /** One number: items accepted since the start. */
  readonly accepted: SharedArrayBuffer;
}

/** A client keeps its connections for minutes; Node's 5 s would close them under a request. */
const KEEP_ALIVE_MS = 120_000;
const JSON_TYPE = 'application/x-amz-json-1.0';
const ALL_PROCESSED = Buffer.from('{"UnprocessedItems":{}}');
const ITEM = Buffer.from('"PutRequest"');

const { tableEndpoint, accepted } = workerData as AcceptingTableData; // made by bench/batch-stand.ts
const acceptedItems = new Int32Array(accepted);
const real = new URL(tableEndpoint);
const agent = new Agent({ keepAlive: true });

function countItems(body: Buffer): number {
  let items = 0;
  for (let at = body.indexOf(ITEM); at !== -1; at = body.indexOf(ITEM, at + ITEM.length)) items += 1;
  return items;
}

function accept(call: IncomingMessage, answer: ServerResponse): void {
  const parts: Buffer[] = [];
  call.on('data', (part: Buffer) => parts.push(part));
  call.on('end', () => {
    Atomics.add(acceptedItems, 0, countItems(Buffer.concat(parts)));
    answer.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': ALL_PROCESSED.length });
    answer.end(ALL_PROCESSED);
  });
}

function handOn(call: IncomingMessage, answer: ServerResponse): void {
  const { method, headers, url: path } = call;
  const onward = request({ agent, host: real.hostname, port: real.port, method, headers, path });
  onward.on('response', (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  call.pipe(onward);
}

const server = createServer((call, answer) => {
  const isWrite = String(call.headers['x-amz-target']).endsWith('.BatchWriteItem');
  if (isWrite) accept(call, answer);
  else handOn(call, answer);
});
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
