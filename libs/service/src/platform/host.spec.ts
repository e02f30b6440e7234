import 'reflect-metadata';
import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { type Started, starting } from '../testing/started.fixture.js';

describe('A server', () => {
  const start = starting();

  function asked({ url }: Started, host: string, path = '/session'): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      request(`${url}${path}`, { headers: { Host: host } }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      })
        .on('error', reject)
        .end();
    });
  }

  it('on loopback answers as this machine alone, under any port', async () => {
    const served = await start();
    for (const host of ['localhost', 'localhost:3000', 'LOCALHOST:1', '127.0.0.1', '127.0.0.1:9', '[::1]:3000'])
      expect((await asked(served, host)).status).toBe(401);
    for (const host of [
      'evil.example',
      'evil.example:3000',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '192.168.1.5:3000',
      '[::2]',
      'localhost:80:80',
      'a@localhost',
    ]) {
      const { status, body } = await asked(served, host);
      expect([host, status]).toEqual([host, 421]);
      expect(JSON.parse(body)).toMatchObject({ code: 'UNKNOWN_HOST', detail: expect.stringContaining('HOSTS') });
    }
  });

  it('refuses another name on every path that may name people', async () => {
    const served = await start();
    for (const path of ['/', '/docs', '/docs-json', '/home.css', '/deals', '/nowhere', '/healthy', '/metrics/x'])
      expect([path, (await asked(served, 'evil.example', path)).status]).toEqual([path, 421]);
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect([path, (await asked(served, '10.0.0.7:3000', path)).status]).toEqual([path, 200]);
  });

  it('answers under its public name and those of the settings', async () => {
    const served = await start({
      settings: { PUBLIC_URL: 'https://attain.example', HOSTS: 'Planning.internal, attain' },
    });
    for (const host of ['attain.example', 'ATTAIN.example:443', 'planning.internal:3000', 'attain', '127.0.0.1'])
      expect((await asked(served, host)).status).toBe(401);
    expect((await asked(served, 'other.example')).status).toBe(421);
  });
});
