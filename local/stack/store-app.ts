/** The part of Fastify 5 that the cures of the embedded object store touch; fauxqs brings Fastify itself. */

export interface StoreRequest {
  readonly method: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly raw: {
    readonly headers: Record<string, string | string[] | undefined>;
    readonly socket: { readonly destroyed: boolean };
  };
}

export interface StoreReply {
  code(status: number): StoreReply;
  header(name: string, value: string | number): StoreReply;
  send(body?: string | Buffer): StoreReply;
  /** Says that nothing will be sent. */
  hijack(): unknown;
}

type Done = (error?: Error) => void;
type RequestHook = (request: StoreRequest, reply: StoreReply, done: Done) => void;

export interface StoreApp {
  addHook(name: 'onRequest' | 'preHandler', hook: RequestHook): unknown;
  addHook(name: 'onRoute', hook: (route: { bodyLimit?: number }) => void): unknown;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): PromiseLike<unknown>;
}

export interface ObjectAddress {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
}

/** Which object a request means; undefined for requests on a bucket, a queue or the service. */
export function addressOf(request: StoreRequest): ObjectAddress | undefined {
  const params = request.params as { bucket?: string; '*'?: string } | null;
  const bucket = params?.bucket ?? '';
  const key = params?.['*'] ?? '';
  return bucket === '' || key === '' ? undefined : { bucket, key };
}

export function hasQuery(request: StoreRequest, name: string): boolean {
  return typeof request.query === 'object' && request.query !== null && name in request.query;
}

/** One header's value; the first where it repeats. */
export function headerOf(request: StoreRequest, name: string): string | undefined {
  const value = request.raw.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** An ETag without its quotes: clients send both forms, S3 takes both. */
export function bareEtag(etag: string): string {
  return etag.trim().replaceAll('"', '');
}

export function sendStoreError(reply: StoreReply, status: number, code: string, message: string): void {
  reply
    .code(status)
    .header('content-type', 'application/xml')
    .send(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    );
}

/** Answers 412 as S3 does, also to a failed conditional write. */
export function sendPreconditionFailed(reply: StoreReply): void {
  const message = 'At least one of the pre-conditions you specified did not hold';
  sendStoreError(reply, 412, 'PreconditionFailed', message);
}
