// How the console is built: one page, all assets from our own origin, nothing fetched from elsewhere.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fieldClasses } from './field-classes.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), fieldClasses()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Small images must stay files: a strict Content-Security-Policy has no `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
