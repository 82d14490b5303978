import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { bundleGraph } from './build/bundle-graph';
import { serviceWorker } from './build/service-worker';

// `npm run dev` talks to a server started beside it (`npm run mock`, or `make run`).
const api = process.env['ZHURNAL_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), serviceWorker('src/sw.js'), bundleGraph('build-graph.json')],
  build: {
    target: 'es2022',
    // The content security policy allows no data: scripts and no inline styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/v1': api, '/session': api },
  },
});
