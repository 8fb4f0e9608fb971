/**
 * Server-sent events: a page that connects gets `start` with what came before, then a `view` for each look at the system. It
 * needs no memory of what it has seen, so one that lost its connection gets the same again.
 * Source: html.spec.whatwg.org/multipage/server-sent-events.html.
 */
import type { ServerResponse } from 'node:http';
import type { PageStart, PageView } from './page-view.ts';

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
} as const;

/** After a lost connection; a stack that was started again stands within seconds. */
const RETRY_MS = 1000;
/** A reader that takes nothing for so long is let go: it connects again when it wakes. */
const UNSENT_BYTES_MAX = 4 * 2 ** 20;

export interface EventStream {
  /** How many pages are connected. */
  readonly readers: number;
  connect(response: ServerResponse, start: PageStart, view: PageView | undefined): void;
  /** To all. */
  publish(view: PageView): void;
  /** Ends all connections. */
  close(): void;
}

export function createEventStream(): EventStream {
  const readers = new Set<ServerResponse>();
  const send = (response: ServerResponse, text: string): void => {
    response.write(text);
    if (response.writableLength > UNSENT_BYTES_MAX) response.destroy();
  };
  return {
    get readers() {
      return readers.size;
    },
    connect(response, start, view) {
      readers.add(response);
      response.on('close', () => readers.delete(response));
      send(response, `retry: ${RETRY_MS}\n${eventText('start', start)}`);
      if (view !== undefined) send(response, eventText('view', view));
    },
    publish(view) {
      const text = eventText('view', view);
      for (const response of readers) send(response, text);
    },
    close() {
      for (const response of readers) response.end();
    },
  };
}

/** JSON has no line breaks of its own, so one `data` line holds it. */
function eventText(event: 'start' | 'view', data: PageStart | PageView): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
