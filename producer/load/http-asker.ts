/** Sends items to the endpoint over a pool of connections that are kept. */
import { type Dispatcher, Pool } from 'undici';
import type { EndpointAddress } from '../endpoint/find-endpoint.ts';
import type { Answered } from './send-load.ts';

export interface HttpAsker {
  ask(index: number): Promise<Answered>;
  close(): Promise<void>;
}

const ANSWER_MS = 30_000;

/** @param bodies taken in turn */
export function createHttpAsker(
  { url, headers }: EndpointAddress,
  bodies: readonly string[],
  connections: number,
): HttpAsker {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
  });
  const options = {
    method: 'POST' as const,
    path: `${pathname.replace(/\/$/, '')}/grade`,
    headers: { 'content-type': 'application/json', ...headers },
  };
  return {
    ask: (index) =>
      new Promise((resolve) => {
        pool.dispatch({ ...options, body: bodies[index % bodies.length] as string }, handlerOf(resolve));
      }),
    close: () => pool.destroy(),
  };
}

/** The whole answer is taken; of it the status alone counts. */
function handlerOf(resolve: (answered: Answered) => void): Dispatcher.DispatchHandler {
  let status: number | undefined;
  return {
    onRequestStart() {},
    onResponseStart(_controller, statusCode) {
      status = statusCode;
    },
    onResponseData() {},
    onResponseEnd: () => resolve({ status, error: undefined }),
    onResponseError: (_controller, error) => resolve({ status: undefined, error: codeOf(error) }),
  };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
