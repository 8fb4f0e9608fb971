/**
 * SQS and S3 on one port by fauxqs, in this process, kept on disk. fauxqs builds its Fastify application out of
 * reach; Node's `fastify.initialization` channel hands it out before its routes are added, so that what fauxqs
 * lacks can be added from outside instead of in a copy of it.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { type FauxqsServer, type S3SpyEvent, type SpyMessage, startFauxqs } from 'fauxqs';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { LOOPBACK, REGION } from './addresses.ts';
import { enforceConditionalWrites } from './conditional-writes.ts';
import { holdLongPolls } from './long-polls.ts';
import { lookOf, type QueueLook } from './queue-look.ts';
import { serveRangedReads } from './ranged-reads.ts';
import { refuseRelativeKeys } from './refuse-relative-keys.ts';
import { keepReleasedMessages } from './released-messages.ts';
import { listenError } from './stack-error.ts';
import type { StoreApp } from './store-app.ts';

/** S3 takes 5 GiB in one PUT and fauxqs 11 MiB; a body is held whole in memory, so the limit lies between. */
const SINGLE_PUT_BYTES_MAX = 2 ** 30;
const FASTIFY_CHANNEL = 'fastify.initialization';

export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
}

export interface QueueAndObjectServer {
  readonly port: number;
  /** Objects lie under it as `buckets/<bucket>/objects/<key>.data`. */
  readonly objectsDirectory: string;
  /** What lies on a queue now, nothing taken; undefined for an unknown one. */
  lookAt(queue: string): QueueLook | undefined;
  /** Puts a message on a queue at once: it is on disk when this returns. */
  sendMessage(queue: string, body: string): void;
  /** Called within the write, after the object is on disk and before its writer has the answer. */
  onObjectCreated(listener: (created: CreatedObject) => void): void;
  stop(): Promise<void>;
}

/** @throws {StackError} when the port cannot be used. */
export async function startQueueAndObjectServer(options: {
  readonly directory: string;
  readonly port: number;
}): Promise<QueueAndObjectServer> {
  const objectsDirectory = join(options.directory, 'objects');
  const queuesDirectory = join(options.directory, 'queues');
  const fauxqs = await startCuredFauxqs({ port: options.port, queuesDirectory, objectsDirectory });
  keepReleasedMessages(queuesDirectory);
  const listeners: ((created: CreatedObject) => void)[] = [];
  tapSpy(fauxqs, (message) => {
    if (!isUpload(message)) return;
    for (const listener of listeners) listener({ bucket: message.bucket, key: message.key });
  });
  return {
    port: fauxqs.port,
    objectsDirectory,
    lookAt(queue) {
      const messages = fauxqs.inspectQueue(queue)?.messages;
      return messages === undefined ? undefined : lookOf(messages, Date.now());
    },
    sendMessage: (queue, body) => void fauxqs.sendMessage(queue, body),
    onObjectCreated: (listener) => void listeners.push(listener),
    stop: () => fauxqs.stop(),
  };
}

async function startCuredFauxqs(options: {
  readonly port: number;
  readonly queuesDirectory: string;
  readonly objectsDirectory: string;
}): Promise<FauxqsServer> {
  let app: StoreApp | undefined;
  let server: FauxqsServer | undefined;
  const cure = (message: unknown): void => {
    const { fastify } = message as { fastify: StoreApp };
    app = fastify;
    listenOnLoopback(fastify);
    fastify.addHook('onRoute', (route) => {
      route.bodyLimit = SINGLE_PUT_BYTES_MAX;
    });
    refuseRelativeKeys(fastify);
    serveRangedReads(fastify, options.objectsDirectory);
    enforceConditionalWrites(fastify, options.objectsDirectory);
    holdLongPolls(fastify, (queue) => server?.inspectQueue(queue)?.messages);
  };
  subscribe(FASTIFY_CHANNEL, cure);
  let starting: Promise<FauxqsServer>;
  try {
    starting = startFauxqs({
      port: options.port,
      logger: false,
      defaultRegion: REGION,
      messageSpies: { bufferSize: 1 },
      dataDir: options.queuesDirectory,
      s3StorageDir: options.objectsDirectory,
    });
  } finally {
    // fauxqs builds its application before its first await: no other Fastify of this process is touched.
    unsubscribe(FASTIFY_CHANNEL, cure);
  }
  try {
    server = await starting;
    return server;
  } catch (cause) {
    // Its database is open by now, and the caller has no handle to close it by.
    await app?.close();
    const setting = `--port or ${ENVIRONMENT.localPort}`;
    throw listenError({ server: 'queue and object server', port: options.port, setting }, cause);
  }
}

/** fauxqs listens on every interface and asks no credentials; a developer's machine needs the loopback only. */
function listenOnLoopback(app: StoreApp): void {
  const listen = app.listen.bind(app);
  app.listen = (options) => listen({ ...options, host: LOOPBACK });
}

/** The spy can be asked but not subscribed to; every event passes its `addMessage`. */
function tapSpy(fauxqs: FauxqsServer, tap: (message: SpyMessage) => void): void {
  const spy = fauxqs.spy as unknown as { addMessage(message: SpyMessage): void };
  const addMessage = spy.addMessage.bind(spy);
  spy.addMessage = (message) => {
    addMessage(message);
    tap(message);
  };
}

/** CopyObject raises `uploaded` and `copied`; the first alone is counted. */
function isUpload(message: SpyMessage): message is S3SpyEvent {
  return message.service === 's3' && message.status === 'uploaded';
}
