/**
 * Keeps alive one of the objects that Node makes for each `process.nextTick`, so that V8 does not forget what they look like.
 *
 * Node gives them three members by computed names, which V8 does fast for as long as it meets the shapes that it met first. A
 * full collection that finds no such object alive drops those shapes, and from then on every tick takes the slow way: 0.3 µs
 * more, six times a request, 6 to 8 % of the endpoint's time, in about every other process (Node 24.21, by `perf record`:
 * `Runtime_DefineKeyedOwnPropertyInLiteral` below `nextTick`). Held from when this is loaded.
 */
import { executionAsyncResource } from 'node:async_hooks';

export const tickShape = new Promise<object>((resolve) => {
  process.nextTick(() => resolve(executionAsyncResource()));
});
