import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// Vite collects the licenses of everything but the workers.
const ONLY_IN_WORKERS = ['picomatch-browser'];
const licensesOfWorkers: Plugin = {
  name: 'licenses-of-workers',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const licenses = bundle['licenses.md'];
      if (licenses?.type !== 'asset') throw new Error('licenses.md is missing');
      for (const name of ONLY_IN_WORKERS) {
        const text = readFileSync(path(`node_modules/${name}/LICENSE`), 'utf8').trim();
        licenses.source += `\n## ${name}\n\n${text}\n`;
      }
    },
  },
};

// The output is committed: the gateway serves it, and nobody needs Node to run the gateway.
export default defineConfig({
  base: '/playground/',
  plugins: [licensesOfWorkers],
  resolve: {
    alias: [
      { find: /^prettier\/(standalone|plugins\/.*|parser-.*)$/, replacement: path('src/prettier.ts') },
      { find: 'prettier-standalone', replacement: path('node_modules/prettier/standalone.mjs') },
      { find: 'prettier-graphql', replacement: path('node_modules/prettier/plugins/graphql.mjs') },
    ],
  },
  build: {
    outDir: path('../../adapters/playground/static'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    license: { fileName: 'licenses.md' },
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  worker: { format: 'es' },
});
