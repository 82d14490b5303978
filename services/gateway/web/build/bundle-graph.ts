import { writeFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** What a chunk needs; read by `npm run budget`, kept out of `dist`. */
export interface GraphChunk {
  entry: boolean;
  /** Source file of an entry or of a lazily loaded screen. */
  source: string | null;
  imports: string[];
  dynamicImports: string[];
  css: string[];
}

/** Writes `build-graph.json`: which built files load which. */
export function bundleGraph(file: string): Plugin {
  return {
    name: 'bundle-graph',
    apply: 'build',
    writeBundle(_options, bundle) {
      const graph: Record<string, GraphChunk> = {};
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const source = chunk.facadeModuleId?.replace(/^.*\/web\//, '') ?? null;
        graph[chunk.fileName] = {
          entry: chunk.isEntry,
          source,
          imports: chunk.imports,
          dynamicImports: chunk.dynamicImports,
          css: [...(chunk.viteMetadata?.importedCss ?? [])],
        };
      }
      writeFileSync(file, `${JSON.stringify(graph, null, 1)}\n`);
    },
  };
}
