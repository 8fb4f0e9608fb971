/**
 * Lets the event loop go first: heartbeats must not wait behind grading where threads outnumber cores.
 * On Linux a thread has a priority of its own, set by its kernel id; elsewhere threads share their process's,
 * so nothing is done there.
 */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Nice value of a grading thread; the event loop keeps 0. */
const GRADING_NICENESS = 10;

export function lowerThreadPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    // `/proc/thread-self` reads `<process>/task/<thread>`.
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(threadId, GRADING_NICENESS);
  } catch {
    // A sandbox may hide /proc or forbid it: then all run alike, which is slower to answer and still right.
  }
}
