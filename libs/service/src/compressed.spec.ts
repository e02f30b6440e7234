import 'reflect-metadata';
import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { agentOf } from './testing/agent.js';
import { starting } from './testing/started.fixture.js';

describe('the answers of a server', () => {
  const start = starting('all');

  it('are compressed where the client accepts gzip', async () => {
    const { url } = await start();
    const plain = await received(`${url}/docs-json`, {});
    const compressed = await received(`${url}/docs-json`, { 'Accept-Encoding': 'gzip' });
    expect([plain.encoding, compressed.encoding]).toEqual([undefined, 'gzip']);
    expect(gunzipSync(compressed.body).equals(plain.body)).toBe(true);
    expect(compressed.body.length).toBeLessThan(plain.body.length / 3);
  });

  it('are not compressed where they contain a secret and text of the request', async () => {
    const { url } = await start();
    const { body } = await agentOf(url).post('/session/demo').send({ as: 'finance', give: 'token' }).expect(200);
    const Authorization = `Bearer ${(body as { token: string }).token}`;
    const keys = agentOf(url, (body as { token: string }).token);
    for (let n = 0; n < 8; n += 1)
      await keys
        .post('/keys')
        .send({ name: `a dashboard with a long name, of which there are several: ${n}`, roles: ['reports'] })
        .expect(200);
    const answer = await received(`${url}/v1/keys`, { 'Accept-Encoding': 'gzip', Authorization });
    // Answers of a kilobyte or more are compressed.
    expect(answer.body.length).toBeGreaterThan(1024);
    expect(answer.encoding).toBeUndefined();
  });
});

function received(
  url: string,
  headers: Record<string, string>,
): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ encoding: answer.headers['content-encoding'], body: Buffer.concat(parts) }));
      answer.on('error', reject);
    }).on('error', reject);
  });
}
