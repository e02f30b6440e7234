import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@attain/values';
import { connect, type Infra } from '../connect.js';
import { makePrivate } from './private.js';

let root: string;
const before = process.umask(0o000);
beforeEach(() => {
  process.umask(0o000);
  root = mkdtempSync(join(tmpdir(), 'attain-private-'));
});
afterEach(() => {
  process.umask(before);
  rmSync(root, { recursive: true });
});

const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);
const modesIn = (directory: string) =>
  Object.fromEntries(['.', ...readdirSync(directory)].map((name) => [name, modeOf(join(directory, name))]));
const written = async ({ events, models }: Infra) => {
  const meta = { actor: 'a', correlation: 'c', recorded: '2025-01-01T00:00:00.000Z' };
  await events.append({
    stream: 'x-1',
    expected: 'any',
    events: [{ id: newUuid(), type: 'X', version: 1, data: {}, meta }],
  });
  const writer = await models.writer({ name: 'x', version: 1, indexes: [] });
  await writer.commit({ after: 0n, position: 1n, documents: new Map() });
};

describe('A data directory', () => {
  it('is its owner’s alone, with every file in it, with any umask', async () => {
    const directory = join(root, 'made', 'data');
    const infra = await connect({ events: `sqlite:${directory}` });
    await written(infra);
    const modes = modesIn(directory);
    expect(Object.keys(modes)).toEqual(
      expect.arrayContaining([
        'events.db',
        'events.db-wal',
        'events.db-shm',
        'models.db',
        'models.db-wal',
        'lock',
        'lock.pid',
      ]),
    );
    expect(new Set(Object.entries(modes).flatMap(([name, mode]) => (name === '.' ? [] : [mode])))).toEqual(
      new Set(['600']),
    );
    expect([modes['.'], modeOf(join(root, 'made'))]).toEqual(['700', '700']);
    await infra.close();
  });

  it('of an earlier version is corrected at the start, which reports it', async () => {
    const directory = join(root, 'data');
    await (await connect({ events: `sqlite:${directory}` })).close();
    chmodSync(directory, 0o755);
    for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o644);
    writeFileSync(join(directory, 'notes.txt'), 'mine', { mode: 0o644 });
    const messages: string[] = [];
    const infra = await connect(
      { events: `sqlite:${directory}` },
      { onOpenToOthers: (message) => messages.push(message) },
    );
    await written(infra);
    const { 'notes.txt': notes, '.': itself, ...files } = modesIn(directory);
    expect([notes, itself]).toEqual(['644', '700']);
    expect(new Set(Object.values(files))).toEqual(new Set(['600']));
    expect(messages).toEqual([expect.stringContaining(join(directory, 'events.db'))]);
    await infra.close();
    await (
      await connect({ events: `sqlite:${directory}` }, { onOpenToOthers: (message) => messages.push(message) })
    ).close();
    expect(messages).toHaveLength(1);
  });

  it('that many share stays unchanged, and so does the target of a link', () => {
    const shared = join(root, 'shared');
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    writeFileSync(elsewhere, 'x', { mode: 0o644 });
    symlinkSync(elsewhere, join(shared, 'events.db'));
    expect(makePrivate(shared)).toEqual({ closed: [], open: [shared] });
    expect([modeOf(shared), modeOf(elsewhere)]).toEqual(['777', '644']);
  });
});
