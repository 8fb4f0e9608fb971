import type { Failure } from '../../schemas/file-reference.ts';
import type { Lease } from './lease.ts';

/** One message as delivered; it stays hidden from others, its lease renewed, until it is settled. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
  /** 1 on the first delivery. */
  readonly receiveCount: number;
  /** When it was sent, in milliseconds since 1970; absent where the queue does not tell. */
  readonly sentAt?: number;
  /** Until when nobody else is given it; absent where the queue does not tell. */
  readonly lease?: Lease;
}

/**
 * What becomes of a delivery.
 * `acknowledge`: done for good. `retry`: comes back after a while. `release`: comes back at once, for another
 * worker, also after its last delivery. `bury`: moves to the dead-letter queue with its reason. A delivery whose lease
 * is over is neither retried nor released: it is another's by then.
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
  /**
   * Bodies of what lies in the dead-letter queue, where they stay: buried by a worker, or moved there by the queue itself
   * when its deliveries were used up. Looked at once in a minute, for those whose end no worker could record.
   */
  givenUp(): Promise<readonly string[]>;
}
