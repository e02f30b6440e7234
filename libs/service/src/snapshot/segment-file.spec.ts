import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSegment, type Stamp, writeSegment } from './segment-file.js';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'attain-segment-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const stamp: Stamp = {
  versions: 'v',
  categories: ['deal'],
  after: 0n,
  position: 7n,
  seal: 'ab',
  facts: 3,
  known: '2026-01-01T00:00:00.000Z',
  from: '2025-01-01',
  to: '2025-12-31',
};
const source = fileURLToPath(new URL('./segment-file.ts', import.meta.url));

describe('a file of facts', () => {
  it('returns the written facts, to its owner alone', async () => {
    const [path, facts] = [join(directory, 'facts-0.bin'), randomBytes(1000)];
    await writeSegment(path, { stamp, facts });
    expect(await readSegment(path)).toEqual({ stamp, facts });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readSegment(join(directory, 'facts-7.bin'))).toBeUndefined();
  });

  it('is refused if any byte differs, or if it is cut off at any place', async () => {
    const path = join(directory, 'facts-0.bin');
    await writeSegment(path, { stamp, facts: randomBytes(20) });
    const whole = readFileSync(path);
    for (let place = 0; place < whole.length; place += 1) {
      const bytes = Buffer.from(whole);
      bytes[place] = bytes[place]! ^ (1 << (place % 8));
      writeFileSync(path, bytes);
      await expect(readSegment(path)).rejects.toMatchObject({ name: 'Unusable' });
      writeFileSync(path, whole.subarray(0, place));
      await expect(readSegment(path)).rejects.toMatchObject({ name: 'Unusable' });
    }
  });

  it('stays as it was where the disk has no room for a new one, and nothing is left beside it', async () => {
    const path = join(directory, 'facts-0.bin');
    await writeSegment(path, { stamp, facts: randomBytes(20) });
    const before = readFileSync(path);
    // No file of the process may exceed a kilobyte, so the same write fails as on a full disk.
    const script = `import(process.argv[1]).then(({ writeSegment }) => writeSegment(process.argv[2], { stamp: {}, facts: require('node:crypto').randomBytes(100000) })).then(() => console.log('written'), (error) => console.log(error.code))`;
    const output = execFileSync(
      'bash',
      ['-c', 'ulimit -f 1; exec "$@"', 'bash', process.execPath, '--no-warnings', '-e', script, source, path],
      { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } },
    );
    expect(output.trim()).toBe('EFBIG');
    expect(readdirSync(directory)).toEqual(['facts-0.bin']);
    expect(readFileSync(path)).toEqual(before);
  });
});
