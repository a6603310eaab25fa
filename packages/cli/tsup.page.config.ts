import { defineConfig } from 'tsup';

/** The script of the page that shows a trace: one file, with all that it needs. */
export default defineConfig({
  entry: { 'trace-page': 'page/main.ts' },
  outDir: 'dist/page',
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  noExternal: [/^d3-/],
  minify: true,
  clean: true,
  silent: true,
  outExtension: () => ({ js: '.js' }),
});
