/**
 * Options of Node that a worker is started with, by the fleet, the image and the template alike, for its event loop and its
 * threads (docs/adr/0023-garbage-at-chosen-times.md). The endpoint, which makes much garbage a second, keeps the standard ones.
 *
 * - A small young generation: the standard one lets the event loop's heap grow by 20 MiB for nothing.
 * - A heap may grow by 70 % before all of it is looked through. V8 looks when 12 MiB came anew, columns counted, which a thread
 *   asks for twice a shard.
 * - The means to collect at times of the worker's own choosing, of which one is called experimental.
 */
export const WORKER_NODE_FLAGS = [
  '--max-semi-space-size=2',
  '--heap-growing-percent=70',
  '--expose-gc',
  '--disable-warning=ExperimentalWarning',
] as const;
