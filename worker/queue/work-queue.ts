import type { Failure } from '../../schemas/file-reference.ts';

/** One message as delivered; it stays hidden from others, its lease renewed, until it is settled. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
  /** 1 on the first delivery. */
  readonly receiveCount: number;
  /** When it was sent, in milliseconds since 1970; absent where the queue does not tell. */
  readonly sentAt?: number;
}

/**
 * What becomes of a delivery.
 * `acknowledge`: done for good. `retry`: comes back after a while. `release`: comes back at once, for another
 * worker, also after its last delivery. `bury`: moves to the dead-letter queue with its reason.
 */
export type Settlement =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'retry'; readonly afterSeconds: number }
  | { readonly kind: 'release' }
  | { readonly kind: 'bury'; readonly failure: Failure };

export interface Consumption {
  /** Takes no further message; resolves when what was taken is settled. Deliveries taken after the call are released. */
  stop(): Promise<void>;
}

/** The jobs queue as the worker needs it. */
export interface WorkQueue {
  /**
   * Takes messages one by one, up to `window` at a time: a slow one holds up no other.
   * `handle` must not throw.
   */
  consume(handle: (delivery: Delivery) => Promise<Settlement>, window: number): Consumption;
  send(bodies: readonly string[]): Promise<void>;
}
