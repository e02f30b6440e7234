import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile, link, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create, Header } from 'tar';
import { DEFAULT_FOLDER_LIMITS, type FolderLimits, unpacked, type UploadedFolder } from './folder-upload.js';

let folder: string;
let found: UploadedFolder[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attain-pack-'));
  found = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await Promise.all(found.map((one) => one.dispose()));
});

/** An archive whose entries may be named as no tool would name them. */
function archive(
  ...entries: { path: string; type?: string; text?: string; linkpath?: string; size?: number }[]
): Buffer {
  const blocks = entries.flatMap(
    ({ path, type = 'File', text = '', linkpath = '', size = Buffer.byteLength(text) }) => {
      const header = Buffer.alloc(512);
      new Header({ path, type: type as 'File', size, linkpath, mode: 0o644 }).encode(header, 0);
      const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
      body.write(text);
      return [header, body];
    },
  );
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
async function received(bytes: Buffer, limits: FolderLimits = DEFAULT_FOLDER_LIMITS): Promise<UploadedFolder> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, n) =>
    bytes.subarray(n * 1000, (n + 1) * 1000),
  );
  const one = await unpacked(Readable.from(pieces), limits);
  found.push(one);
  return one;
}
const places = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('attain-folder-')).length;

describe('An uploaded folder', () => {
  it('is unpacked as it was packed, gzipped or not, without hidden files', async () => {
    const bytes = randomBytes(700_000);
    await mkdir(join(folder, 'exports'));
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, 'exports/deals.csv'), bytes);
    await writeFile(join(folder, 'company.yaml'), 'company: Small\n');
    await writeFile(join(folder, '.git/config'), 'secret');
    for (const gzip of [true, false]) {
      const packed = Buffer.concat(await create({ cwd: folder, gzip, portable: true }, ['.']).collect());
      const { directory, files } = await received(packed);
      expect(files.map(({ path }) => path).sort()).toEqual(['company.yaml', 'exports/deals.csv']);
      expect(files.find(({ path }) => path === 'exports/deals.csv')?.bytes).toBe(700_000);
      expect(
        createHash('sha256')
          .update(await readFile(join(directory, 'exports/deals.csv')))
          .digest('hex'),
      ).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(await readdir(directory)).not.toContain('.git');
    }
  });

  it.each([
    ['../outside.csv'],
    ['exports/../../outside.csv'],
    ['/tmp/outside.csv'],
    ['exports\\..\\x.csv'],
    ['a/./b.csv'],
  ])('may not hold %j', async (path) => {
    const before = await places();
    await expect(received(archive({ path: 'company.yaml', text: 'x' }, { path, text: 'x' }))).rejects.toMatchObject({
      name: 'Malformed',
      errors: [{ field: path }],
    });
    expect(await places()).toBe(before);
  });

  it('may not hold links, devices, or a file twice', async () => {
    for (const type of ['SymbolicLink', 'Link', 'CharacterDevice', 'FIFO']) {
      await expect(
        received(archive({ path: 'people.csv', type, linkpath: type.endsWith('Link') ? '/etc/passwd' : '' })),
      ).rejects.toMatchObject({ errors: [{ field: 'people.csv', message: expect.stringContaining(type) }] });
    }
    await expect(received(archive({ path: 'a.csv', text: 'x' }, { path: './a.csv', text: 'y' }))).rejects.toMatchObject(
      { errors: [{ message: expect.stringContaining('twice') }] },
    );
    await expect(received(archive({ path: 'a', text: 'x' }, { path: 'a/b', text: 'y' }))).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining('both a file and a folder') }],
    });
    await expect(received(archive({ path: 'a/b', text: 'x' }, { path: 'a', text: 'y' }))).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining('both a file and a folder') }],
    });
    await writeFile(join(folder, 'company.yaml'), 'x');
    await symlink('/etc', join(folder, 'exports'));
    await link(join(folder, 'company.yaml'), join(folder, 'people.csv'));
    await expect(received(Buffer.concat(await create({ cwd: folder }, ['.']).collect()))).rejects.toMatchObject({
      name: 'Malformed',
    });
  });

  it('has limits on files and bytes, also of what a small archive becomes', async () => {
    const files = Array.from({ length: 4 }, (_, n) => ({ path: `exports/${n}.csv`, text: 'x' }));
    await expect(received(archive(...files), { bytes: 1e6, files: 3 })).rejects.toMatchObject({ status: 413 });
    await expect(
      received(gzipSync(archive({ path: 'a.csv', text: 'x'.repeat(100_000) })), { bytes: 50_000, files: 3 }),
    ).rejects.toMatchObject({ status: 413 });
    await expect(
      received(archive({ path: 'a.csv', text: 'x'.repeat(100_000) }), { bytes: 50_000, files: 3 }),
    ).rejects.toMatchObject({ status: 413 });
  });

  it('that is no archive, or is incomplete, is malformed', async () => {
    const whole = archive({ path: 'a.csv', text: 'x'.repeat(10_000) });
    const broken = [
      Buffer.from('nothing of the sort'),
      randomBytes(5_000),
      Buffer.alloc(0),
      Buffer.alloc(1024),
      whole.subarray(0, 4_000),
      gzipSync(whole).subarray(0, 60),
    ];
    for (const bytes of broken) await expect(received(bytes)).rejects.toMatchObject({ name: 'Malformed' });
  });
});
