/** What lies on an embedded queue, for who looks at it and takes nothing. */

/** A message as fauxqs holds it: times in milliseconds since 1970. */
export interface HeldMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, { readonly StringValue?: string }>>;
  readonly sentTimestamp: number;
}

export interface HeldMessages {
  readonly ready: readonly HeldMessage[];
  readonly delayed: readonly HeldMessage[];
  readonly inflight: readonly { readonly message: HeldMessage; readonly visibilityDeadline: number }[];
}

export interface QueueLook {
  /** Messages that may be taken, now or after their delay. */
  readonly waiting: number;
  /** Messages that somebody has taken and not yet deleted. */
  readonly inFlight: number;
  /** Of the oldest message that is not done, in seconds; undefined for an empty queue. */
  readonly oldestSeconds: number | undefined;
  /** The first messages, waiting ones before those in flight. */
  first(count: number): readonly HeldMessage[];
}

/** @param now milliseconds since 1970 */
export function lookOf({ ready, delayed, inflight }: HeldMessages, now: number): QueueLook {
  // fauxqs gives messages back only when somebody asks for some: with no worker alive nobody does.
  const taken = inflight.filter(({ visibilityDeadline }) => visibilityDeadline > now).length;
  let oldest = Number.POSITIVE_INFINITY;
  for (const { sentTimestamp } of ready) oldest = Math.min(oldest, sentTimestamp);
  for (const { sentTimestamp } of delayed) oldest = Math.min(oldest, sentTimestamp);
  for (const { message } of inflight) oldest = Math.min(oldest, message.sentTimestamp);
  return {
    waiting: ready.length + delayed.length + inflight.length - taken,
    inFlight: taken,
    oldestSeconds: Number.isFinite(oldest) ? Math.max(0, now - oldest) / 1000 : undefined,
    first: (count) => [...ready, ...delayed, ...inflight.map(({ message }) => message)].slice(0, count),
  };
}
