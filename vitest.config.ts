import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests may look inside a plugin; its users go through the sandbox.
  resolve: { alias: { '@sagitta/sdk': join(import.meta.dirname, 'src/sdk/index.ts') } },
  test: {
    include: ['test/**/*.test.ts'],
    // Tests of the window run what a person runs: the built one.
    globalSetup: 'test/helpers/build-window.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
