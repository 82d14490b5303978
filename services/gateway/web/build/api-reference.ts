import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** Puts the script of the API reference (/docs) beside its page: it comes from our own files. */
export function apiReference(): Plugin {
  let out = 'dist';
  return {
    name: 'api-reference',
    apply: 'build',
    configResolved(config) {
      out = join(config.root, config.build.outDir);
    },
    writeBundle() {
      const script = createRequire(import.meta.url).resolve('rapidoc');
      mkdirSync(join(out, 'docs'), { recursive: true });
      copyFileSync(join(dirname(script), 'rapidoc-min.js'), join(out, 'docs/rapidoc-min.js'));
    },
  };
}
