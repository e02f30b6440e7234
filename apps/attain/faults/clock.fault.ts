import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attain, endAll, type Serving, serveShop, writeShop } from './shop.js';

const scratch = mkdtempSync(join(tmpdir(), 'attain-clock-'));
afterEach(endAll);
afterAll(() => rmSync(scratch, { recursive: true }));

const data = join(scratch, 'data');
const ahead = {
  node: ['--import', fileURLToPath(new URL('ahead.mjs', import.meta.url))],
  env: { CLOCK_SHIFT: String(10 * 365 * 86_400_000) },
};
const quota = (served: Serving, amount: number) =>
  served.ask<{ code?: string }>('fay', '/quotas/assign', {
    for: 'ann',
    measure: 'revenue',
    period: '2025-02',
    amount: String(amount),
  });
const deals = async (served: Serving) =>
  (await served.ask<{ rows: unknown[] }>('fay', '/deals?on=2025-01-31')).body.rows.length;

describe('A clock ten years ahead', () => {
  it('records nothing, and answers reads', async () => {
    const folder = join(scratch, 'folder');
    writeShop(folder, 6);
    const right = await serveShop(data, folder);
    expect(await deals(right)).toBe(6);
    await right.stop();
    const wrong = await serveShop(data, undefined, ahead);
    expect(wrong.alarm).toContain('the clock is ahead, or was set');
    expect(await quota(wrong, 1001)).toMatchObject({ status: 503, body: { code: 'CLOCK_UNTRUSTED' } });
    expect(await deals(wrong)).toBe(6);
    await wrong.stop();
  });

  it('does no lasting harm after it recorded events, once a person accepts the clock; the planted mistake is a guard that checks nothing', async () => {
    const unguarded = await serveShop(data, undefined, {
      ...ahead,
      env: { ...ahead.env, CLOCK_AHEAD_MINUTES: '9999999', CLOCK_IDLE_DAYS: '99999' },
    });
    expect((await quota(unguarded, 1002)).status).toBe(200);
    await unguarded.stop();

    const late = await serveShop(data);
    expect(late.alarm).toContain('the clock was ahead once, or is behind now');
    expect((await quota(late, 1003)).status).toBe(503);
    expect(await deals(late)).toBe(6);
    await late.stop();
    expect(attain(['clock', '--data', data])).toMatchObject({
      status: 1,
      out: expect.stringContaining('attain clock accept'),
    });
    expect(attain(['clock', 'accept', '--reason', 'the process was shown another time', '--data', data])).toMatchObject(
      { status: 0, out: expect.stringContaining('the clock is trusted') },
    );

    const mended = await serveShop(data);
    expect(mended.alarm).toBeUndefined();
    expect((await quota(mended, 1004)).status).toBe(200);
    expect((await mended.ask('fay', '/periods/2025-01/close', {})).status).toBe(200);
    const { body } = await mended.ask<{ payable: string }>('fay', '/statements/2025-01/ann');
    expect(body.payable).toBe('90.00');
    await mended.stop();
    expect(attain(['verify', '--data', data])).toMatchObject({ status: 0 });
  });
});
