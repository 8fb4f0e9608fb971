import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;

/** Whole workers and whole stacks, which mostly wait for each other: after the rest, two files at a time. */
const END_TO_END = 'test/end-to-end/**/*.test.ts';
/** They measure time, or what a fleet makes of its processor: alone. */
const MEASURING = ['autoscale', 'dashboard', 'endpoint-soak', 'event-loop', 'stop-times'].map(
  (name) => `test/end-to-end/${name}.test.ts`,
);
/** Of one of them. */
const END_TO_END_MS_MAX = 180_000;

export default defineConfig({
  test: {
    // All cores: by default one is left free, which of two is half.
    maxWorkers: '100%',
    globalSetup: ['test/set-up/libxgboost.ts', 'test/set-up/chromium.ts', 'test/set-up/redis-server.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [END_TO_END],
          // Not 0, the default: such a project runs last, where it has one process.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'end-to-end',
          include: [END_TO_END],
          exclude: MEASURING,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: END_TO_END_MS_MAX,
        },
      },
      {
        test: {
          ...shared,
          name: 'measuring',
          include: MEASURING,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: END_TO_END_MS_MAX,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['schemas/**/*.ts', 'core/**/*.ts'],
      // AssemblyScript: what runs is what it was compiled to.
      exclude: ['core/forest/kernel/**', '**/*.d.ts'],
      reporter: ['text-summary', 'text'],
    },
  },
});
