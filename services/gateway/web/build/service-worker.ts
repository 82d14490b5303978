import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/**
 * Emits `sw.js` from its source with the list of hashed files put in. Only the
 * shell is listed: no answer of the API is ever kept by the worker.
 */
export function serviceWorker(source: string): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    // Last: the bundler takes chunks out that turn out to be styles only.
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = Object.keys(bundle)
          .filter((name) => name.startsWith('assets/'))
          .map((name) => `/${name}`)
          .sort();
        const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
        const code = readFileSync(source, 'utf8')
          .replace("'__VERSION__'", JSON.stringify(version))
          .replace('/* __FILES__ */', files.map((name) => JSON.stringify(name)).join(','));
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: code });
      },
    },
  };
}
