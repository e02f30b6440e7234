import 'reflect-metadata';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { tooDeepAt } from './body.js';
import { starting } from './testing/started.fixture.js';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('the depth of JSON', () => {
  it('is measured in its bytes, without brackets inside texts', () => {
    const at = (text: string) => tooDeepAt(Buffer.from(text), 3);
    expect(at('{"a":[{}]}')).toBe(-1);
    expect(at('{"a":[{"b":[]}]}')).toBe(11);
    expect(at('["[[[[", "\\"[[[[", "\\\\", [[]]]')).toBe(-1);
    expect(at('["\\\\", [[[]]]]')).toBe(9);
    expect(at('[],[],[],[],[]')).toBe(-1);
  });
});

describe('the edge', () => {
  const start = starting();
  const json = 'application/json';

  it('answers an invalid or too long request with a problem document', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const raw = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let answer = '';
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(text)).setEncoding('utf8');
        socket
          .on('data', (part) => (answer += part))
          .on('close', () => resolve(answer))
          .on('error', reject);
      });
    for (const [text, status, code] of [
      [`GET /deals?owner=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 431, 'TOO_LARGE'],
      ['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nBad header\r\n\r\n', 400, 'BAD_REQUEST'],
      ['hello\r\n\r\n', 400, 'BAD_REQUEST'],
    ] as const) {
      const [head = '', body = ''] = (await raw(text)).split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\r\nContent-Type: application/problem\\+json`));
      expect(JSON.parse(body)).toMatchObject({ type: 'about:blank', status, code });
    }
  });

  it.each(['/session/demo', '/deals/crm/D1', '/nowhere'])(
    'refuses JSON of more than 64 levels before it is parsed, to anybody: %s',
    async (path) => {
      const { anonymous } = await start();
      const answer = await anonymous
        .post(path)
        .set('Content-Type', json)
        .send(`{"name":${nested(64)}}`)
        .expect(422);
      expect(answer.body).toMatchObject({
        code: 'MALFORMED',
        errors: [{ field: 'body', message: 'expected at most 64 levels of lists and objects, found more at byte 72' }],
      });
      const deep = await anonymous.post(path).set('Content-Type', json).send(nested(50_000)).expect(422);
      expect(deep.body.code).toBe('MALFORMED');
      const { status } = await anonymous
        .post(path)
        .set('Content-Type', json)
        .send(`{"name":${nested(63)}}`);
      expect(status).not.toBe(500);
    },
  );

  it('reads JSON in UTF-8 only', async () => {
    const finance = await (await start()).as('finance');
    const send = (type: string, body: Buffer) =>
      finance
        .post('/deals/crm/D1')
        .set('Content-Type', type)
        .serialize((bytes: unknown) => bytes as string)
        .send(body as never);
    const body = '{"owner":"ann","amount":"1.00"}';
    expect((await send(`${json}; charset=utf-16le`, Buffer.from(body, 'utf16le'))).body.errors).toEqual([
      { field: 'Content-Type', message: 'expected the charset utf-8, found "utf-16le"' },
    ]);
    expect((await send(json, Buffer.from('{"owner":"\xe4","amount":"1.00"}', 'latin1'))).body.errors).toEqual([
      { field: 'body', message: 'expected JSON in UTF-8, found bytes that are not' },
    ]);
    await send(json, Buffer.from(body)).expect(200);
  });

  it.each([
    ['x'.repeat(401), 'expected at most 400 characters'],
    ['a%00b', 'cannot hold the character U+0000, found at character 2'],
    ['a%0Ab', 'cannot hold the character U+000A, found at character 2'],
    ['%E2%80%AEa', 'cannot hold the character U+202E, found at character 1'],
    ['a%E2%81%A9', 'cannot hold the character U+2069, found at character 2'],
  ])('refuses the part of a path %j', async (part, message) => {
    const finance = await (await start()).as('finance');
    const answer = await finance.post(`/deals/crm/${part}`).send({ owner: 'ann', amount: '1.00' }).expect(422);
    expect(answer.body.errors).toEqual([{ field: 'id', message }]);
  });

  it('refuses a part of a path that is not UTF-8', async () => {
    const finance = await (await start()).as('finance');
    for (const part of ['%', '%E0%A4%A', '%ED%A0%80', '%FF'])
      expect((await finance.post(`/deals/crm/${part}`).send({ owner: 'ann', amount: '1.00' })).status).toBe(400);
  });

  it('treats two spellings of an id as the same id', async () => {
    const finance = await (await start()).as('finance');
    await finance
      .post(`/deals/crm/${encodeURIComponent('Zoe\u0308')}`)
      .send({ owner: 'ann', amount: '1.00' })
      .expect(200);
    const again = await finance
      .post(`/deals/crm/${encodeURIComponent('Zo\u00eb')}`)
      .send({ owner: 'ann', amount: '1.00' })
      .expect(409);
    expect(again.body.code).toBe('DEAL_EXISTS');
  });

  it('refuses half a character, NUL and null, and names the field', async () => {
    const finance = await (await start()).as('finance');
    const errors = async (body: string) =>
      (await finance.post('/deals/crm/D1').set('Content-Type', json).send(body).expect(422)).body.errors;
    expect(await errors('{"owner":"ann","amount":"1.00","reason":"\\ud800"}')).toEqual([
      { field: 'reason', message: 'cannot hold the character U+D800, found at character 1' },
    ]);
    expect(await errors('{"owner":"ann","amount":"1.00","reason":"a\\u0000"}')).toEqual([
      { field: 'reason', message: 'cannot hold the character U+0000, found at character 2' },
    ]);
    expect(await errors('{"owner":"ann","amount":"1.00","reason":null}')).toEqual([
      { field: 'reason', message: 'expected a value or no such field, found null' },
    ]);
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, 1])));
    expect(await errors(many)).toEqual([{ field: '', message: 'expected at most 1000 fields, found 5000' }]);
  });

  it.each(['0', '9999999999999999999', '1e3', '-1', ' ', 'null'])(
    'never waits for a position that nobody has written: %j',
    async (position) => {
      const finance = await (await start()).as('finance');
      const { status } = await finance.get('/deals?on=2025-01-01').set('Attain-Position', position);
      expect(status).toBe(position === '0' ? 200 : 422);
    },
  );
});
