export { configure, connect, type Connection, Refused, Unreachable } from './connect.js';
export type { Client, RequestResult } from './generated/client/index.js';
export * from './generated/index.js';
export { client } from './generated/client.gen.js';
