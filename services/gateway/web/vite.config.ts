import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { apiReference } from './build/api-reference';
import { bundleGraph } from './build/bundle-graph';
import { serviceWorker } from './build/service-worker';
import { withoutCustomElements } from './build/without-custom-elements';

// `npm run dev` talks to a server started beside it (`npm run mock`, or `make run`).
const api = process.env['ZHURNAL_API'] ?? 'http://127.0.0.1:8080';

const SHELL =
  /node_modules\/(svelte|esm-env|clsx)\/|vite\/preload-helper|\/src\/(app\/(?!acting|pages|saveFile|staff)|domain\/(?!window)|i18n\/(index|dates|plural|ru\/core)|api\/(client|live|notices|problem|session|shape|types\/(identity|marks|names|notices))|ui\/(Bell|Empty|Frame|Icon|icons|Loaded|MarkChip|Menu|Page|Toasts|UserMenu))/;

export default defineConfig({
  plugins: [svelte(), withoutCustomElements(), serviceWorker('src/sw.js'), bundleGraph('build-graph.json'), apiReference()],
  build: {
    target: 'es2022',
    // The content security policy allows no data: scripts and no inline styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Shorter hashes: the shell names every chunk, and families load the shell.
        entryFileNames: 'assets/[name]-[hash:7].js',
        chunkFileNames: 'assets/[name]-[hash:7].js',
        assetFileNames: 'assets/[name]-[hash:6][extname]',
        codeSplitting: {
          groups: [
            // What nearly every screen needs travels with the shell: few files, well compressed.
            { name: 'shell', test: SHELL },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/v1': api, '/session': api },
  },
});
