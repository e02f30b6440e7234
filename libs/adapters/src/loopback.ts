import { isIP } from 'node:net';

/** Whether a host, with or without a port, is this machine and no other. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^(\[.*\]|[^:]*):\d+$/, '$1').replace(/^\[|\]$/g, '');
  if (bare === 'localhost' || bare === '::1') return true;
  return isIP(bare) === 4 && bare.startsWith('127.');
}
