import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { event } from '@attain/eventsourcing/testing';
import { connect } from './connect.js';
import { DirectoryInUse } from './sqlite/directory-lock.js';
import { verifyLog } from './verify-log.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'attain-connect-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const append = (type = 'DealOpened') => ({ stream: 'deal-1', expected: 'any' as const, events: [event(type)] });

describe('Connecting', () => {
  it.each(['memory:', 'sqlite::memory:'])('%s gives all three ports, gone with the process', async (url) => {
    const infra = await connect({ events: url });
    await infra.events.append(append());
    expect([infra.embedded, await infra.events.head(), await infra.models.model('deals').count()]).toEqual([
      true,
      1n,
      0,
    ]);
    await infra.close();
  });

  it('keeps log and models in a directory that it makes', async () => {
    const url = `sqlite:${join(directory, 'a', 'b')}`;
    const first = await connect({ events: url, bus: url, models: url });
    await first.events.append(append());
    await first.close();
    const again = await connect({ events: url });
    expect(await again.events.head()).toBe(1n);
    await again.close();
    expect(verifyLog(join(directory, 'a', 'b')).problems).toEqual([]);
  });

  it.each([
    [{ events: 'memory:', bus: 'kafka://localhost:9092' }, 'a store that several processes reach'],
    [{ events: 'memory:', bus: 'sqlite::memory:' }, 'follows the event log'],
    [{ events: 'mongodb://localhost/x' }, 'events mongodb://localhost/x: expected esdb://HOST:2113'],
    [{ events: 'memory:', models: 'esdb://localhost' }, 'expected mongodb://HOST/DATABASE'],
    [
      { events: 'memory:', bus: 'mongodb://ann:secret@localhost/x' },
      'bus mongodb://***@localhost/x: expected kafka://HOST:9092',
    ],
    [{ events: 'esdb://store.example:2113?tls=false', models: 'memory:' }, 'store.example is another machine'],
    [{ events: 'memory:', models: 'mongodb://models.example/x' }, 'models.example:27017 is another machine'],
    [
      { events: 'esdb://127.0.0.1:1?tls=false', bus: 'kafka://127.0.0.1:1,bus.example:9092', models: 'memory:' },
      'bus.example:9092 is another machine',
    ],
    [
      { events: 'esdb://127.0.0.1:1?tls=false', bus: 'esdb://127.0.0.1:2?tls=false', models: 'memory:' },
      'follows the event log itself must be that log, esdb://127.0.0.1:1',
    ],
    [{ events: 'sqlite:' }, 'directory'],
    [{ events: 'oracle:x' }, 'events oracle:x: expected esdb://HOST:2113, sqlite:DIRECTORY'],
    [{ events: '/var/lib/attain' }, 'sqlite:DIRECTORY'],
  ])('refuses %j', async (urls, message) => {
    await expect(connect(urls)).rejects.toThrow(message);
  });

  it('refuses a file that another program wrote', async () => {
    writeFileSync(join(directory, 'events.db'), 'x'.repeat(9000));
    await expect(connect({ events: `sqlite:${directory}` })).rejects.toThrow('not a database');
  });

  it('closes without loss: accepted events are stored, delivered ones handled', async () => {
    const infra = await connect({ events: `sqlite:${directory}` });
    let handled = 0;
    await infra.bus.subscribe({
      group: 'slow@1',
      after: 0n,
      async handle(events) {
        await new Promise((resume) => setTimeout(resume, 20));
        handled += events.length;
      },
    });
    await infra.events.append(append());
    await new Promise((resume) => setTimeout(resume, 5));
    const last = infra.events.append(append());
    await infra.close();
    await expect(last).resolves.toMatchObject({ position: 2n });
    expect(handled).toBeGreaterThan(0);
    expect(verifyLog(directory).events).toBe(2);
  });
});

describe('A data directory', () => {
  let holder: ChildProcess | undefined;
  afterEach(() => void holder?.kill('SIGKILL'));

  async function held(): Promise<void> {
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(${JSON.stringify(join(directory, 'lock'))});
      db.exec('BEGIN IMMEDIATE');
      require('node:fs').writeFileSync(${JSON.stringify(join(directory, 'lock.pid'))}, String(process.pid));
      console.log('held');
      setInterval(() => undefined, 1000);`;
    holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout as NodeJS.ReadableStream, 'data');
  }

  it('belongs to one process: another gets the owner’s process id', async () => {
    await held();
    const refused = connect({ events: `sqlite:${directory}` });
    await expect(refused).rejects.toBeInstanceOf(DirectoryInUse);
    await expect(refused).rejects.toThrow(`is in use by process ${holder?.pid}`);
  });

  it('belongs to one connection of a process', async () => {
    const first = await connect({ events: `sqlite:${directory}` });
    await expect(connect({ events: `sqlite:${directory}` })).rejects.toThrow(`is in use by process ${process.pid}`);
    await first.close();
    await (await connect({ events: `sqlite:${directory}` })).close();
  });

  it('is unlocked when its process was killed', async () => {
    await held();
    holder?.kill('SIGKILL');
    await once(holder as ChildProcess, 'exit');
    const infra = await connect({ events: `sqlite:${directory}` });
    expect(await infra.events.append(append())).toMatchObject({ position: 1n });
    await infra.close();
  });

  it('is unlocked when connecting fails half-way', async () => {
    writeFileSync(join(directory, 'models.db'), 'x'.repeat(9000));
    await expect(connect({ events: `sqlite:${directory}` })).rejects.toThrow();
    rmSync(join(directory, 'models.db'));
    await (await connect({ events: `sqlite:${directory}` })).close();
  });
});
