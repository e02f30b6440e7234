import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { asking } from './asking.fixture.js';

it('A journey repeats a request after the seconds that the answer 503 names, and keeps its body', async () => {
  const arrivals: { at: number; body: string }[] = [];
  const server = createServer((request, answer) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      arrivals.push({ at: performance.now(), body });
      if (arrivals.length < 3) answer.writeHead(503, { 'Retry-After': '1' });
      answer.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { status } = await asking(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    .post('/')
    .send({ period: '2017-10' });
  server.close();
  expect([status, arrivals.map(({ body }) => body)]).toEqual([200, Array(3).fill('{"period":"2017-10"}')]);
  // Timers may end a millisecond early.
  expect(arrivals[2]!.at - arrivals[0]!.at).toBeGreaterThan(1990);
});
