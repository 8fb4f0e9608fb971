/**
 * A page on the web. By `node:http` and not by `fetch`: where a connection is cut while its reader is slower than
 * the network, Node 24's fetch fails an assertion outside of any promise, which ends the process.
 */
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { NutrisageError } from '../../../core/errors.ts';
import type { RemoteContent, RemoteFile } from './remote-file.ts';

const PARTIAL = 206;
const REDIRECTS = [301, 302, 303, 307, 308];
const CHANGED = 412;
const BEYOND_END = 416;
const GONE = [404, 410];
const REFUSED = [401, 403];
/** Exports are served through one or two. */
const REDIRECTS_MAX = 5;
/** A connection that is silent for so long is taken for cut. */
const SILENCE_MILLISECONDS = 60_000;

export function httpFile(address: string): RemoteFile {
  return {
    address,
    async open(start, etag, signal) {
      const response = await request(address, requestHeaders(start, etag), signal, REDIRECTS_MAX);
      const status = response.statusCode ?? 0;
      // Beyond the end of what is there now: what was there before was longer.
      if (status === CHANGED || status === BEYOND_END) {
        response.destroy();
        return { kind: 'changed' };
      }
      if (status < 200 || status > 299) {
        response.destroy();
        throw refusal(address, status, response.statusMessage ?? '');
      }
      return contentOf(response, start, etag);
    },
    close() {},
  };
}

async function request(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  redirectsLeft: number,
): Promise<IncomingMessage> {
  const url = new URL(address);
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = get(url, { headers, signal, timeout: SILENCE_MILLISECONDS }, resolve);
    sent.on('timeout', () => sent.destroy(new Error(`nothing came for ${SILENCE_MILLISECONDS / 1000} s`)));
    sent.on('error', reject);
  });
  const { location } = response.headers;
  if (!REDIRECTS.includes(response.statusCode ?? 0) || location === undefined) return response;
  response.destroy();
  if (redirectsLeft === 0) throw new Error('the server redirects without an end');
  return request(new URL(location, url).href, headers, signal, redirectsLeft - 1);
}

/** Weak validators do not stand for bytes, and `If-Match` refuses them: the answer's own is compared instead. */
function requestHeaders(start: number, etag: string | undefined): Record<string, string> {
  // A compressed transfer would have other bytes and another length than the file.
  const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'nutrisage' };
  if (start > 0) headers['range'] = `bytes=${start}-`;
  if (etag?.startsWith('"')) headers['if-match'] = etag;
  return headers;
}

function contentOf(response: IncomingMessage, start: number, etag: string | undefined): RemoteContent {
  const { headers, statusCode } = response;
  const current = headers.etag ?? headers['last-modified'];
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  const isPartial = statusCode === PARTIAL && range !== null;
  if (start > 0 && isPartial && current !== etag) {
    response.destroy();
    return { kind: 'changed' };
  }
  const size = isPartial ? Number(range[2]) : Number(headers['content-length'] ?? Number.NaN);
  return {
    kind: 'content',
    start: isPartial ? Number(range[1]) : 0,
    size: Number.isFinite(size) ? size : undefined,
    etag: current,
    body: response,
    discard: () => response.destroy(),
  };
}

function refusal(address: string, status: number, reason: string): Error {
  const said = `${status} ${reason}`.trim();
  if (GONE.includes(status)) {
    return new NutrisageError(
      'source-missing',
      `There is nothing at ${address} (${said}).`,
      'Check the address.',
    );
  }
  if (REFUSED.includes(status)) {
    return new NutrisageError(
      'object-unreadable',
      `${address} may not be read (${said}).`,
      'Take an address that needs no credentials, or fetch the file yourself and name its path.',
    );
  }
  return new Error(`the server answered ${said}`);
}
