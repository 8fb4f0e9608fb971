/**
 * Options of Node that a worker is started with, by the fleet, the image and the template alike. Its event loop keeps little,
 * and the standard young generation let its heap grow by 20 MiB for nothing, and on and on with a long job. Threads have
 * limits of their own; the endpoint, which makes much garbage a second, keeps the standard one.
 */
export const WORKER_NODE_FLAGS = ['--max-semi-space-size=4'] as const;
