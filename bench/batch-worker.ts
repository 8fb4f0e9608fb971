/** Entry of a worker that tells whoever started it what it has used: `worker/main.ts` itself, and one answer. */
import { readFileSync } from 'node:fs';

/** What a process has used since its start. */
export interface ProcessUse {
  readonly kind: 'use';
  /** Of all its threads, user and system. */
  readonly processorSeconds: number;
  /** Most memory that it ever had resident. */
  readonly peakBytes: number;
}

/**
 * Linux tells a process's own peak in /proc; getrusage has the peak of whoever started it in it, which is the larger one
 * here. Elsewhere it has to do.
 */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

process.on('message', (question) => {
  if (question !== 'use') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ kind: 'use', processorSeconds: (user + system) / 1e6, peakBytes: peakBytes() });
});

await import('../worker/main.ts');
