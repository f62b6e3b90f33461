/** @file How the window is built: `vite build --config src/renderer/vite.config.ts` writes build/out/renderer. */
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

export default defineConfig({
  root,
  // Relative, so that the same files work on loopback and under the shell's protocol.
  base: './',
  plugins: [svelte()],
  resolve: { alias: { xmlbuilder2: join(root, 'viewer/no-xml.ts') } },
  build: {
    outDir: join(root, '../../build/out/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
});
