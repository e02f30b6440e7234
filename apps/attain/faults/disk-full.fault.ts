import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attain, endAll, type Serving, serveShop, writeShop } from './shop.js';

const scratch = mkdtempSync(join(tmpdir(), 'attain-full-'));
const disk = mkdtempSync(join(scratch, 'disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk]).status === 0;
const why = mounted ? '' : ' [SKIPPED: needs the right to mount a tmpfs]';
const itFills = mounted ? it : it.skip;

beforeAll(() => {
  if (process.env['REQUIRE_FAULTS'] === '1' && !mounted)
    throw new Error('the full disk needs the right to mount a tmpfs, and REQUIRE_FAULTS=1 wants it run');
});
afterEach(endAll);
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(scratch, { recursive: true, force: true });
});

const data = join(disk, 'data');
const filler = join(disk, 'filler');
const free = (): number => {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
};
/** Fills the disk except for so many bytes. */
function fill(leave = 0): void {
  const file = openSync(filler, 'a');
  const block = Buffer.alloc(4096);
  try {
    while (free() > leave) if (writeSync(file, block) < block.length) break;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
const deals = async (served: Serving) => {
  const { status, body } = await served.ask<{ rows: unknown[] }>('fay', '/deals?on=2025-01-31&limit=500');
  return { status, deals: body.rows?.length };
};

describe('A full disk', () => {
  itFills(
    `leaves reads to a running server, also for users who sign in meanwhile, and records events again without a restart${why}`,
    async () => {
      const folder = join(scratch, 'folder');
      writeShop(folder, 6);
      const served = await serveShop(data, folder);
      expect(await deals(served)).toEqual({ status: 200, deals: 6 });
      fill();
      expect(free()).toBe(0);
      const statuses: number[] = [];
      for (let n = 0; n < 400 && !statuses.includes(507); n += 1)
        statuses.push((await served.ask('fay', '/quotas/assign', quota(n))).status);
      expect(statuses.at(-1)).toBe(507);
      expect(await deals(served)).toEqual({ status: 200, deals: 6 });
      expect((await served.ask('fay', '/statements/2025-01/ann')).status).toBe(200);
      const signIn = await served.ask<{ token: string }>(null, '/session', {
        name: 'admin',
        password: 'a secret of our own',
        give: 'token',
      });
      expect(signIn.status).toBe(200);
      expect((await served.ask(null, '/health/live')).status).toBe(200);
      rmSync(filler);
      expect((await served.ask('fay', '/quotas/assign', quota(500))).status).toBe(200);
      await served.stop();
    },
  );

  itFills(`lets a start serve reads, or end with the path and the remedy, and never with a stack${why}`, async () => {
    for (const leave of [0, 4096, 40_000, 120_000, 400_000]) {
      rmSync(filler, { force: true });
      fill(leave);
      const started = await serveShop(data).catch((error: Error) => error);
      if (started instanceof Error) {
        expect(started.message).toContain('it ended with 5');
        expect(started.message).toContain(data);
        expect(started.message).toMatch(/no room left .*bytes are free.*make room/s);
        expect(started.message).not.toMatch(/\n\s+at /);
      } else {
        expect(await deals(started)).toEqual({ status: 200, deals: 6 });
        await started.kill();
      }
    }
    rmSync(filler);
    expect(attain(['verify', '--data', data])).toMatchObject({ status: 0 });
  });

  itFills(`ends a command whose models find no room, with the path and the remedy${why}`, async () => {
    const exported = join(scratch, 'ahead.csv');
    appendFileSync(
      exported,
      `id,owner,amount,closed\n${Array.from({ length: 4_000 }, (_, n) => `A${n},ann,1.00,2025-01-20`).join('\n')}\n`,
    );
    const small = join(disk, 'small');
    cpSync(data, small, { recursive: true });
    // The log holds events that no model has yet, and room for the log alone.
    for (const models of readdirSync(small).filter((name) => name.startsWith('models')))
      rmSync(join(small, models), { recursive: true });
    for (const leave of [200_000, 400_000]) {
      rmSync(filler, { force: true });
      fill(leave);
      const ended = attain(['import', exported, '--source', 'crm', '--yes', '--data', small]);
      expect(ended).toMatchObject({ status: 5, err: expect.stringMatching(/no room left|disk is full/i) });
      expect(ended.err).not.toMatch(/\n\s+at /);
    }
    rmSync(filler);
    rmSync(small, { recursive: true });
  });

  itFills(
    `lets an import state how many records are stored, and record the rest once there is room${why}`,
    async () => {
      const exported = join(scratch, 'more.csv');
      appendFileSync(
        exported,
        `id,owner,amount,closed\n${Array.from({ length: 30_000 }, (_, n) => `M${n},ann,${n + 1}.00,2025-01-20`).join('\n')}\n`,
      );
      fill(14_000_000);
      const stopped = attain(['import', exported, '--source', 'crm', '--yes', '--data', data]);
      expect(stopped).toMatchObject({
        status: 5,
        err: expect.stringMatching(/The disk is full, and the import stopped: [1-9]\d* records are recorded/),
      });
      expect(stopped.err).not.toMatch(/\n\s+at /);
      rmSync(filler);
      if (existsSync(filler)) throw new Error('the filler was not removed');
      spawnSync('mount', ['-o', 'remount,size=256m', disk]);
      expect(attain(['import', exported, '--source', 'crm', '--yes', '--data', data])).toMatchObject({ status: 0 });
      const served = await serveShop(data);
      const { body } = await served.ask<{ total: number }>('fay', '/deals?on=2025-01-31&limit=1');
      expect(body.total).toBe(30_006);
      await served.stop();
      expect(attain(['verify', '--data', data])).toMatchObject({ status: 0 });
    },
  );
});

function quota(n: number): object {
  return { for: 'ann', measure: 'revenue', period: '2025-02', amount: String(1000 + n), reason: 'x'.repeat(900) };
}
