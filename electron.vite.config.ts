/**
 * @file How the desktop shell is built: `electron-vite build` writes build/out/main and build/out/preload, each with all that it needs
 * but Electron itself, so the packed app has no node_modules. The page is not built here: it is one build for shell and browser
 * (src/renderer/vite.config.ts), and the host serves it to both.
 */
import { join } from 'node:path';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

export default defineConfig({
  main: {
    build: {
      outDir: join(root, 'build/out/main'),
      // One file, written over: nobody finds the folder empty meanwhile.
      emptyOutDir: false,
      externalizeDeps: false,
      lib: { entry: join(root, 'src/main/index.ts'), formats: ['es'] },
      rolldownOptions: { output: { entryFileNames: 'index.js' } },
    },
  },
  preload: {
    build: {
      outDir: join(root, 'build/out/preload'),
      emptyOutDir: false,
      externalizeDeps: false,
      // A sandboxed preload script is one CommonJS file.
      lib: { entry: join(root, 'src/preload/index.ts'), formats: ['cjs'] },
      rolldownOptions: { output: { entryFileNames: 'index.cjs' } },
    },
  },
});
