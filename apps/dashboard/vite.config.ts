import { lingui } from '@lingui/vite-plugin';
import babel from '@rolldown/plugin-babel';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev --workspace apps/dashboard` asks the server at ATTAIN_URL, by default the one that `npm start` starts. */
const server = process.env.ATTAIN_URL ?? 'http://127.0.0.1:3000';

// A build is the same in tests and elsewhere.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

// The macros of texts are resolved by Babel, because the native compiler of Lingui is not installed by an older Node.
export default defineConfig({
  base: '/app/',
  plugins: [react(), babel({ include: /\.tsx?$/, plugins: ['@lingui/babel-plugin-lingui-macro'] }), lingui()],
  // The server replaces the word by a new nonce for each answer.
  html: { cspNonce: '%NONCE%' },
  // A server that runs goes on with the files that it began with.
  build: { outDir: 'dist/page', emptyOutDir: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 600 },
  server: { proxy: { '^/(?!app/)': server } },
});
