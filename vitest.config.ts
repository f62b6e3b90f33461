import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests may look inside a plugin; its users go through the sandbox.
  resolve: { alias: { '@sagitta/sdk': join(import.meta.dirname, 'src/sdk/index.ts') } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
