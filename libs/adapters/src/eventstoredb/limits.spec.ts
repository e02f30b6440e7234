import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { AppendTooLarge, type FollowedStore, type StoredEvent } from '@attain/eventsourcing';
import { all, event, eventually } from '@attain/eventsourcing/testing';
import { type EventStoreDbOptions, openEventStoreDb } from './event-store.js';
import { type StandIn, type StandInOptions, startStandIn } from './testing/server.js';

describe('A store in EventStoreDB, within the limits of its server', () => {
  let standIn: StandIn;
  let opened: FollowedStore[] = [];
  const start = async (options?: StandInOptions): Promise<void> => {
    await standIn.close();
    standIn = await startStandIn(options);
  };
  beforeEach(async () => {
    standIn = await startStandIn();
  });
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()));
    opened = [];
    await standIn.close();
  });
  const open = async (options: Partial<EventStoreDbOptions> = {}): Promise<FollowedStore> => {
    const store = await openEventStoreDb({ url: standIn.url, ...options });
    opened.push(store);
    return store;
  };
  const record = (store: FollowedStore, stream: string, ...types: string[]): Promise<unknown> =>
    store.append({ stream, expected: 'any', events: types.map((type) => event(type)) });
  const typesOf = (events: readonly StoredEvent[]): string => events.map(({ type }) => type).join('');
  /** Of others, whose events its filter lets through nowhere. */
  const foreign = async (count: number): Promise<void> => {
    const client = EventStoreDBClient.connectionString(standIn.url);
    for (let n = 0; n < count; n += 1000) {
      await client.appendToStream(
        `others-${randomUUID()}`,
        Array.from({ length: 1000 }, () => jsonEvent({ type: 'X', data: {} })),
      );
    }
    await client.dispose();
  };
  const setMetadata = async (stream: string, metadata: object): Promise<void> => {
    const client = EventStoreDBClient.connectionString(standIn.url);
    await client.appendToStream(
      `$$${stream}`,
      jsonEvent({ type: '$metadata', data: metadata as Record<string, unknown> }),
    );
    await client.dispose();
  };
  const large = (bytes: number): ReturnType<typeof event> => event('A', { text: 'x'.repeat(bytes) });

  describe('closes', () => {
    it('although the server never ends a half-closed call', async () => {
      const store = await open();
      await record(store, 'deal-1', 'A');
      expect(standIn.openBatches()).toBe(1);
      await store.close();
      await eventually(() => standIn.openBatches() === 0);
    });

    it('after a refused append, which the server counts as one answer too many', async () => {
      const store = await open();
      await expect(
        store.append({ stream: 'deal-1', expected: 'none', events: [large(1_100_000)] }),
      ).rejects.toBeInstanceOf(AppendTooLarge);
      await record(store, 'deal-1', 'B');
      await store.close();
      await eventually(() => standIn.openBatches() === 0);
    });

    it('where nothing was ever appended, and twice', async () => {
      const store = await open();
      await Promise.all([store.close(), store.close()]);
      expect(standIn.openBatches()).toBe(0);
    });
  });

  describe('appends', () => {
    it('rejects more than 1 MiB with its size and the server’s limit, and writes nothing of it', async () => {
      const store = await open();
      const refusal = store.append({ stream: 'deal-1', expected: 'none', events: [large(600_000), large(600_000)] });
      await expect(refusal).rejects.toMatchObject({
        name: 'AppendTooLarge',
        message: expect.stringMatching(
          /^deal-1: 2 events of 12\d{5} bytes are more than the 1048576 that .*MaxAppendSize$/,
        ),
      });
      expect(await all(store.readAll())).toEqual([]);
      expect(await store.append({ stream: 'deal-1', expected: 'none', events: [large(1_000_000)] })).toMatchObject({
        revision: 0,
      });
    });

    it('rejects only the too large one of several, and appends the others', async () => {
      const store = await open();
      const append = (stream: string, bytes: number) =>
        store.append({ stream, expected: 'none', events: [large(bytes)] });
      const answers = await Promise.allSettled([
        append('deal-1', 10),
        append('deal-2', 2_000_000),
        append('deal-3', 17_000_000),
        append('deal-4', 10),
      ]);
      expect(
        answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as Error).name : 'appended')),
      ).toEqual(['appended', 'AppendTooLarge', 'AppendTooLarge', 'appended']);
    });

    it('in several messages where the server accepts them', async () => {
      await start({ limits: { append: 256 * 1024 * 1024 } });
      const store = await open();
      const events = Array.from({ length: 5 }, () => large(900_000));
      expect(await store.append({ stream: 'deal-1', expected: 'none', events })).toMatchObject({ revision: 4 });
      expect((await all(store.readStream('deal-1'))).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    });

    it('once if the server’s assembly timed out, and its answer had an id of another form', async () => {
      await start({ limits: { assembly: 50 } });
      const store = await open();
      standIn.faults.lostMessages = 1;
      await record(store, 'deal-1', 'A');
      expect(standIn.faults.lostMessages).toBe(0);
      expect(typesOf(await all(store.readAll()))).toBe('A');
    });
  });

  it('reads the rest of a truncated stream, each event once', async () => {
    const store = await open();
    const events = Array.from({ length: 2500 }, () => event('A'));
    await store.append({ stream: 'deal-1', expected: 'none', events });
    await setMetadata('deal-1', { $tb: 700 });
    expect((await all(store.readStream('deal-1'))).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 1800 }, (_, n) => n + 700),
    );
    await setMetadata('deal-1', { $maxCount: 1200 });
    expect((await all(store.readStream('deal-1'))).map(({ id }) => id)).toEqual(events.slice(1300).map(({ id }) => id));
    expect((await store.readStreams(['deal-1'])).get('deal-1')).toHaveLength(1200);
    expect(await store.append({ stream: 'deal-1', expected: 2499, events: [event('B')] })).toMatchObject({
      revision: 2500,
    });
  });

  describe('over a long stretch of others’ events', () => {
    it('reads by checkpoints, and continues from the last of them when the call breaks', async () => {
      const store = await open({ namespace: 'red', quiet: 400 });
      await record(store, 'deal-1', 'A');
      await foreign(20_000);
      await record(store, 'deal-1', 'B');
      standIn.faults.slowScans = 250;
      const reading = all(store.readAll());
      await eventually(() => standIn.begun().length === 1);
      await new Promise((resume) => setTimeout(resume, 1000));
      standIn.drop();
      expect(typesOf(await reading)).toBe('AB');
      const begun = standIn.begun();
      expect(begun.length).toBeGreaterThan(1);
      expect(begun.at(-1)).toBeGreaterThan(begun[0] ?? 0n);
    });

    it('waits for a distant end as long as the server answers', async () => {
      await foreign(20_000);
      standIn.faults.slowScans = 30;
      const store = await open({ namespace: 'red', quiet: 20 });
      expect(await store.head()).toBe(0n);
      standIn.faults.slowScans = 0;
      await record(store, 'deal-1', 'A');
      expect(await store.head()).toBeGreaterThan(0n);
    });

    it('follows from the last checkpoint and not from its own last event', async () => {
      const store = await open({ namespace: 'red', patience: 40, onError: () => undefined });
      await record(store, 'deal-1', 'A');
      const head = await store.head();
      let notified = 0;
      store.onAppend(() => (notified += 1));
      await eventually(() => standIn.begun().length === 1);
      await foreign(5000);
      await eventually(() => {
        standIn.drop();
        return (standIn.begun().at(-1) ?? 0n) > head;
      });
      const before = notified;
      await record(store, 'deal-1', 'B');
      await eventually(() => notified > before);
    });
  });

  it('needs an administrator’s account, or one that may read $all, and reports this', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'attain-esdb-limits-'));
    const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    const certificate =
      '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
    execFileSync('openssl', ['req', '-x509', ...certificate.split(' '), '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    await start({
      tls: { cert: readFileSync(cert), key: readFileSync(key), user: 'ann', password: 'pass', groups: ['attain'] },
    });
    const url = `esdb://ann:pass@localhost:${standIn.tlsPort}?tls=true&tlsCAFile=${encodeURIComponent(cert)}`;
    await expect(open({ url })).rejects.toThrow(
      'Access Denied: the account of the URL must be in $admins, or have $r on $all',
    );
    await setMetadata('$all', { $acl: { $r: ['attain'] } });
    const store = await open({ url });
    await record(store, 'deal-1', 'A');
    expect(typesOf(await all(store.readAll()))).toBe('A');
    await setMetadata('deal-2', { $acl: { $w: '$admins' } });
    await expect(record(store, 'deal-2', 'A')).rejects.toThrow('denies access');
    rmSync(directory, { recursive: true });
  });
});
