/** Requests that a robust endpoint refuses or answers, as the bytes that go over the wire; the same for the same seed. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../../trainer/random.ts';
import {
  damagedBytes,
  deepValue,
  hostileItem,
  hostileValue,
  pick,
  plainItem,
  randomBytes,
} from './hostile-values.ts';

export interface HostileRequest {
  readonly kind: string;
  readonly bytes: Buffer;
}

interface Head {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly string[];
  /** What `Content-Length` says, where it is not the truth. */
  readonly length?: string;
}

function request(
  body: string | Buffer,
  { method = 'POST', path = '/grade', headers = JSON_BODY, length }: Head = {},
): Buffer {
  const bytes = Buffer.from(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    `content-length: ${length ?? bytes.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

const JSON_BODY = ['content-type: application/json'];
const BOMB = Buffer.alloc(8 * 2 ** 20, 0x5b);
const BOMBS = [
  ['gzip', gzipSync(BOMB)],
  ['deflate', deflateSync(BOMB)],
  ['br', brotliCompressSync(BOMB)],
  ['gzip, gzip', gzipSync(gzipSync(BOMB))],
] as const;

const list = (random: Random, most: number, item: () => string): string =>
  `[${Array.from({ length: random.integer(most) }, item).join(',')}]`;

type Maker = (random: Random) => Buffer;

/** Kinds that come often; those in `SELDOM` take long to make or to send. */
const OFTEN: Readonly<Record<string, Maker>> = {
  'any value': (random) => request(hostileValue(random)),
  'wrong types and names': (random) => request(hostileItem(random)),
  'a list of such items': (random) =>
    request(list(random, 30, () => (random.next() < 0.5 ? hostileItem(random) : plainItem(random)))),
  'damaged bytes': (random) => request(damagedBytes(random, plainItem(random))),
  'random bytes': (random) => request(randomBytes(random, random.integer(300))),
  'cut off within': (random) => {
    const text = plainItem(random);
    return request(text.slice(0, random.integer(text.length)));
  },
  'two names for one thing': (random) =>
    request(`{"sugars":${random.integer(100)},"sugars_100g":${hostileValue(random)},"sugars":3}`),
  'another content type': (random) =>
    request(plainItem(random), {
      headers: [
        `content-type: ${pick(random, ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/json; charset=utf-16', 'a/b/c', ''])}`,
      ],
    }),
  'another address': (random) =>
    request('', {
      method: pick(random, ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']),
      path: pick(random, [
        '/grade/',
        '//grade',
        '/grade%00',
        '/%E0%A4%A',
        '/grades/%2e%2e%2f',
        '/../../etc/passwd',
        `/grades/${'9'.repeat(random.integer(4000))}`,
        '/jobs/__proto__',
        '/page/../main.ts',
        '*',
        '/?a[b][c]=1',
      ]),
    }),
  'another query': (random) =>
    request(plainItem(random), {
      path: `/grade?${pick(random, ['explain=', 'explain=true&explain=true', 'explain[]=true', '__proto__=1', 'constructor.prototype=1', 'explain=%FF', `${'a=1&'.repeat(500)}`])}`,
    }),
  'explained garbage': (random) => request(hostileItem(random), { path: '/grade?explain=true' }),
  'a bad request line': (random) =>
    Buffer.from(
      pick(random, [
        'GET\r\n\r\n',
        'POST /grade HTTP/9.9\r\nhost: localhost\r\n\r\n',
        'GET / HTTP/1.1\r\n\r\n',
        'POST /grade HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: -1\r\n\r\n',
        'POST /grade HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
        'POST /grade HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
        'POST /grade HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n',
        '\u0016\u0003\u0001\u0002\u0000',
        'GET / HTTP/1.1\r\nhost: localhost\r\n\u0000: y\r\n\r\n',
      ]),
      'latin1',
    ),
  'header floods': (random) => {
    const count = 50 + random.integer(1500);
    const headers = Array.from(
      { length: count },
      (_, index) => `x-${index}: ${'a'.repeat(random.integer(40))}`,
    );
    return request(plainItem(random), { headers: [...JSON_BODY, ...headers] });
  },
};

const SELDOM: Readonly<Record<string, Maker>> = {
  'deep nesting': (random) => request(deepValue(random)),
  'deep nesting within an item': (random) => request(`{"sugars":${deepValue(random)}}`),
  'a compressed bomb': (random) => {
    const [encoding, bytes] = pick(random, BOMBS);
    return request(bytes, { headers: [...JSON_BODY, `content-encoding: ${encoding}`] });
  },
  'a long list': (random) => request(list(random, 2000, () => '{"fat":1}')),
  'a large body': (random) => request(`{"code":"${'a'.repeat(random.integer(3 * 2 ** 20))}"}`),
  'a length that is too great': (random) => request(plainItem(random), { length: '5000' }),
  'a length beyond numbers': (random) => request(plainItem(random), { length: '99999999999999999999' }),
};

const OFTEN_KINDS = Object.entries(OFTEN);
const SELDOM_KINDS = Object.entries(SELDOM);
const SELDOM_SHARE = 0.03;

export function hostileRequest(random: Random): HostileRequest {
  const kinds = random.next() < SELDOM_SHARE ? SELDOM_KINDS : OFTEN_KINDS;
  const [kind, make] = pick(random, kinds);
  return { kind, bytes: make(random) };
}
