/**
 * A proxy between one worker and the embedded servers: real HTTP on both sides, one port for all three services. It
 * does to each request what the plan says, tells of the steps that it sees, and can die with its worker.
 */
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Servers } from '../../local/stack/start-servers.ts';
import { failedAnswer, throttledAnswer, type WireAnswer } from './error-answers.ts';
import type { Fault } from './fault-plan.ts';
import { type Operation, operationOf, STEPS, type Step, stepOf, type WireRequest } from './operation.ts';
import { partialBatch } from './partial-batch.ts';

export interface FaultProxyOptions {
  readonly servers: Pick<Servers, 'endpoint' | 'tableEndpoint'> & {
    /** URL of SQS where it is not served with S3. */
    readonly queueEndpoint?: string;
  };
  /** What the `number`-th request of this name meets. */
  readonly faultFor: (operation: Operation, number: number) => Fault | undefined;
  /** A step was met; the request waits until this has settled. It may end the proxy. */
  readonly onStep: (step: Step) => Promise<void> | void;
  /** Told of each request. @default nobody */
  readonly onRequest?: (operation: Operation) => void;
}

export interface FaultProxy {
  readonly endpoint: string;
  /** From now on nothing gets through, and nothing comes back: its worker is as good as dead. */
  sever(): void;
  close(): Promise<void>;
}

const TRICKLE_PIECES = 8;

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const counts = new Map<string, number>();
  let severed = false;
  const isSevered = (): boolean => severed;

  const { endpoint, tableEndpoint, queueEndpoint = endpoint } = options.servers;
  const addresses = { queue: queueEndpoint, store: endpoint, table: tableEndpoint };

  const forward = (wire: WireRequest, { service }: Operation, client: ServerResponse, body = wire.body) =>
    ask(agent, addresses[service], wire, body, client);

  async function answer(wire: WireRequest, operation: Operation, response: ServerResponse): Promise<void> {
    const number = (counts.get(operation.name) ?? 0) + 1;
    counts.set(operation.name, number);
    options.onRequest?.(operation);
    await tellStep(wire, operation, '', 'before');
    // Whoever asked may be dead by now: what it asked for must not be done behind its back.
    if (isSevered() || response.socket?.destroyed === true) return drop(response);
    const fault = options.faultFor(operation, number);
    const given = await meet(fault, wire, operation, response);
    if (given !== undefined)
      await tellStep(wire, operation, `${given.status} ${given.body.toString('latin1')}`, 'after');
    if (given === undefined || isSevered()) return drop(response);
    await send(response, given, fault);
  }

  async function tellStep(wire: WireRequest, operation: Operation, said: string, when: 'before' | 'after') {
    if (when === 'after' && !/^20[06] /.test(said)) return;
    const step = stepOf(wire, operation, said);
    if (step !== undefined && STEPS[step] === when) await options.onStep(step);
  }

  /** What the client is to be told; undefined for nothing at all. */
  async function meet(
    fault: Fault | undefined,
    wire: WireRequest,
    operation: Operation,
    response: ServerResponse,
  ): Promise<WireAnswer | undefined> {
    const through = (body?: Buffer) => forward(wire, operation, response, body);
    switch (fault?.kind) {
      case 'refuse':
        return undefined;
      case 'lose answer':
        await through();
        return undefined;
      case 'delay':
        await pause(fault.ms);
        return through();
      case 'duplicate':
        await through();
        return through();
      case 'error':
        return failedAnswer(operation, fault.status);
      case 'error after':
        await through();
        return failedAnswer(operation, 500);
      case 'throttle':
        return throttledAnswer(operation);
      case 'partial batch': {
        const part = partialBatch(operation, wire.body);
        if (part === undefined) return throttledAnswer(operation);
        return part.answer(await through(part.body));
      }
      default:
        return through();
    }
  }

  const server = createServer((incoming, response) => {
    if (isSevered()) return drop(response);
    readWire(incoming)
      .then((wire) => answer(wire, operationOf(wire), response))
      .catch(() => drop(response));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const sever = (): void => {
    severed = true;
    server.closeAllConnections();
    agent.destroy();
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    sever,
    async close() {
      sever();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readWire(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, url, headers, body: Buffer.concat(chunks) };
}

/** Asks the real server; a client that goes away takes its long poll with it. */
function ask(
  agent: Agent,
  endpoint: string,
  wire: WireRequest,
  body: Buffer,
  client: ServerResponse,
): Promise<WireAnswer> {
  const { expect: _, 'transfer-encoding': __, connection: ___, ...headers } = wire.headers;
  return new Promise((resolve, reject) => {
    const upstream = httpRequest(
      new URL(wire.url, endpoint),
      { agent, method: wire.method, headers: { ...headers, 'content-length': String(body.length) } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    upstream.on('error', reject);
    client.on('close', () => {
      if (!client.writableFinished) upstream.destroy();
    });
    upstream.end(body);
  });
}

async function send(response: ServerResponse, answer: WireAnswer, fault: Fault | undefined): Promise<void> {
  const { connection: _, 'transfer-encoding': __, ...headers } = answer.headers;
  // The answer to HEAD tells the length of a body that it has not.
  const length = answer.body.length > 0 ? { 'content-length': String(answer.body.length) } : {};
  response.writeHead(answer.status, { ...headers, ...length });
  const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
  switch (fault?.kind) {
    case 'cut answer':
      response.write(half);
      await pause(1);
      return drop(response);
    case 'half-close':
      response.write(half);
      response.socket?.end();
      return;
    case 'trickle': {
      const piece = Math.max(1, Math.ceil(answer.body.length / TRICKLE_PIECES));
      for (let at = 0; at < answer.body.length; at += piece) {
        response.write(answer.body.subarray(at, at + piece));
        await pause(fault.ms);
      }
      response.end();
      return;
    }
    default:
      response.end(answer.body);
  }
}

function drop(response: ServerResponse): void {
  response.socket?.destroy();
}
