/**
 * Loaded into each worker before its own code: a worker whose stack has died, even by SIGKILL, is told to stop
 * as if by a signal instead of polling a dead queue for ever.
 */

/** After this long without an exit, the process ends whatever it is in. */
const EXIT_MS_MAX = 10_000;

process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), EXIT_MS_MAX).unref();
});
// A listener alone would keep a finished worker alive.
process.channel?.unref();
