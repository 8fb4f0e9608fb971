import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;

/** Whole workers and whole stacks: they measure time and memory, so they run alone and after the rest. */
const END_TO_END = 'test/end-to-end/**/*.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/set-up/libxgboost.ts', 'test/set-up/chromium.ts', 'test/set-up/redis-server.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [END_TO_END],
          // Not 0, the default: on two cores vitest gives this project one process, and such a project of order 0 runs last.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'end-to-end',
          include: [END_TO_END],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
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
