/** Makes src/generated of openapi.json: `npm run client`. */
export default {
  input: new URL('openapi.json', import.meta.url).pathname,
  output: { path: new URL('src/generated', import.meta.url).pathname, module: { extension: '.js' } },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'warn', file: false },
};
