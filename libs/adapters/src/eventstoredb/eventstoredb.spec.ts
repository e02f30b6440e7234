import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { createLogBus, type FollowedStore, type StoredEvent, Transient, WrongRevision } from '@attain/eventsourcing';
import { all, event, eventually, recordedAt } from '@attain/eventsourcing/testing';
import { type EventStoreDbOptions, openEventStoreDb } from './event-store.js';
import { type StandIn, startStandIn } from './testing/server.js';

describe('A store in EventStoreDB', () => {
  const directory = mkdtempSync(join(tmpdir(), 'attain-esdb-'));
  let standIn: StandIn;
  let opened: FollowedStore[] = [];
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

  describe('with a server that', () => {
    it('lets a subscription go silent: notifies its listeners nevertheless, and renews the subscription', async () => {
      const errors: unknown[] = [];
      const store = await open({ patience: 40, onError: (error) => errors.push(error) });
      let notified = 0;
      store.onAppend(() => (notified += 1));
      await eventually(() => notified > 0);
      await record(store, 'deal-1', '0');
      await eventually(() => notified > 1);
      standIn.silence();
      const before = notified;
      await record(store, 'deal-1', 'A');
      await eventually(() => notified > before);
      expect(String(errors[0])).toMatch('silent');
      const again = notified;
      await record(store, 'deal-1', 'B');
      await eventually(() => notified > again);
    });

    it('drops subscriptions: delivers everything, once and in order', async () => {
      const store = await open({ patience: 40 });
      const bus = createLogBus(store);
      const heard: string[] = [];
      await bus.subscribe({
        group: 'one@1',
        after: 0n,
        handle: async (events) => void heard.push(...events.map(({ type }) => type)),
      });
      for (let n = 0; n < 20; n += 1) {
        if (n % 4 === 0) standIn.drop();
        if (n % 5 === 0) standIn.silence();
        await record(store, `deal-${n % 3}`, `T${n}`);
      }
      await eventually(() => heard.length === 20);
      expect(heard).toEqual(Array.from({ length: 20 }, (_, n) => `T${n}`));
      await bus.close();
    });

    it('changes its leader: continues with the new one, and stores nothing twice', async () => {
      const store = await open();
      await record(store, 'deal-1', 'A');
      standIn.faults.notLeader = 2;
      await Promise.all([record(store, 'deal-1', 'B'), record(store, 'deal-2', 'C'), store.head()]);
      expect(standIn.faults.notLeader).toBe(0);
      standIn.faults.notLeader = 2;
      expect(
        typesOf(await all(store.readAll()))
          .split('')
          .sort()
          .join(''),
      ).toBe('ABC');
    });

    it('leads no more: goes to the leader that it names', async () => {
      const leader = await startStandIn();
      const store = await open();
      Object.assign(standIn.faults, { notLeader: Infinity, leader: leader.port });
      await record(store, 'deal-1', 'A');
      expect(await store.head()).toBeGreaterThan(0n);
      standIn.faults.notLeader = 0;
      expect(await all((await open()).readAll())).toEqual([]);
      await leader.close();
    });

    it('is one of several: finds the leader, and the next one when it is gone', async () => {
      const other = await startStandIn();
      await other.close();
      const store = await open({ url: `esdb://127.0.0.1:${other.port},127.0.0.1:${standIn.port}?tls=false` });
      await record(store, 'deal-1', 'A');
      const next = await startStandIn({ port: other.port });
      await standIn.close();
      await record(store, 'deal-2', 'B');
      expect(typesOf(await all(store.readStream('deal-2')))).toBe('B');
      await store.close();
      await next.close();
    });

    it('is unavailable: reports a temporary failure, and continues by itself when it is back', async () => {
      const store = await open();
      await record(store, 'deal-1', 'A');
      standIn.faults.unavailable = true;
      const calls = [
        record(store, 'deal-1', 'B'),
        store.head(),
        all(store.readAll()),
        store.readStreams(['deal-1']),
        store.positionAt('2025-01-01T00:00:00.000Z'),
      ];
      const failures = await Promise.allSettled(calls);
      expect(failures.map((failure) => failure.status === 'rejected' && (failure.reason as Error).name)).toEqual(
        Array.from({ length: 5 }, () => 'Transient'),
      );
      standIn.faults.unavailable = false;
      await record(store, 'deal-1', 'C');
      expect(typesOf(await all(store.readAll()))).toBe('AC');
    });

    it('is killed and started again: loses no acknowledged event', async () => {
      await standIn.close();
      standIn = await startStandIn({ data: directory });
      const store = await open({ patience: 40 });
      const bus = createLogBus(store);
      const heard: string[] = [];
      await bus.subscribe({
        group: 'one@1',
        after: 0n,
        handle: async (events) => void heard.push(...events.map(({ type }) => type)),
        onError: () => undefined,
      });
      const acknowledged: string[] = [];
      const write = async (stream: string): Promise<void> => {
        for (let n = 0; n < 40; n += 1) {
          await record(store, stream, `${stream}-${n}`);
          acknowledged.push(`${stream}-${n}`);
        }
      };
      const writing = Promise.all([write('deal-1'), write('deal-2'), write('quota-1')]);
      await eventually(() => acknowledged.length > 20);
      const { port } = standIn;
      await standIn.close();
      standIn = await startStandIn({ data: directory, port });
      await writing;
      await eventually(() => heard.length >= 120);
      expect(heard.sort()).toEqual(acknowledged.sort());
      await bus.close();
    });

    it('loses an answer and does not recognize the repeated events: writes them once', async () => {
      const store = await open();
      standIn.faults.forgetsIds = true;
      standIn.faults.lostAnswers = 1;
      const append = { stream: 'deal-1', expected: 'none' as const, events: [event('A'), event('B')] };
      const answer = await store.append(append);
      expect(await store.append(append)).toEqual(answer);
      expect((await all(store.readAll())).map(({ revision, position }) => [revision, position]).at(-1)).toEqual([
        1,
        answer.position,
      ]);
    });

    it('takes an append for repeated although the stream has later events: returns the stream’s revision', async () => {
      const a = { stream: 'deal-1', expected: 'none' as const, events: [event('A')] };
      const first = await open();
      await first.append(a);
      await record(first, 'deal-1', 'B');
      const other = await open();
      await expect(other.append(a)).rejects.toEqual(new WrongRevision('deal-1', 'none', 1));
      const b = {
        stream: 'deal-1',
        expected: 0,
        events: (await all(first.readStream('deal-1', 1))).map((one) => ({ ...one })),
      };
      const third = await open();
      expect(await third.append(b)).toEqual({ stream: 'deal-1', revision: 1, position: await first.head() });
    });

    it('ends its reads early: leaves nothing out', async () => {
      const store = await open();
      for (let n = 0; n < 12; n += 1) await record(store, `${n % 2 ? 'deal' : 'quota'}-${n}`, `${n % 10}`);
      standIn.faults.shortReads = 6;
      expect(typesOf(await all(store.readAll({ page: 4 })))).toBe('012345678901');
      standIn.faults.shortReads = 6;
      expect(typesOf(await all(store.readAll({ categories: ['quota'], page: 100 })))).toBe('024680');
      const [, , third] = await all(store.readAll());
      standIn.faults.shortReads = 6;
      expect(typesOf(await all(store.readAll({ categories: ['deal'], upTo: third?.position })))).toBe('1');
      expect(typesOf(await all(store.readAll({ categories: ['deal'], upTo: (third?.position ?? 0n) + 1n })))).toBe('1');
      standIn.faults.shortReads = 6;
      expect(await store.positionAt('2030-01-01T00:00:00.000Z')).toBe(await store.head());
    });

    it('ends every read early: reports a temporary failure', async () => {
      const store = await open();
      await record(store, 'deal-1', 'A');
      standIn.faults.shortReads = 1000;
      await expect(all(store.readAll())).rejects.toBeInstanceOf(Transient);
    });

    it('is older than 22.6: returns the last event of an append, and the head as the bound of unknown positions', async () => {
      standIn.faults.older = true;
      const store = await open();
      const append = { stream: 'deal-1', expected: 'none' as const, events: [event('A'), event('B')] };
      const { position, revision } = await store.append(append);
      expect([revision, position]).toEqual([1, await store.head()]);
      expect(await store.append(append)).toEqual({ stream: 'deal-1', revision, position });
      await expect(store.append({ ...append, events: [event('C')] })).rejects.toEqual(
        new WrongRevision('deal-1', 'none', 1),
      );
      expect((await all(store.readStream('deal-1'))).map((one) => one.position)).toEqual([position, position]);
      expect((await all(store.readAll())).map(({ type }) => type)).toEqual(['A', 'B']);
    });
  });

  describe('beside others on the server', () => {
    const foreign = async (stream: string, type: string): Promise<void> => {
      const client = EventStoreDBClient.connectionString(standIn.url);
      await client.appendToStream(
        stream,
        jsonEvent({
          type,
          data: { x: 1 },
          metadata: type === '$>' ? { version: 1, recorded: '2025-01-01T00:00:00.000Z' } : undefined,
        }),
      );
      await client.dispose();
    };

    it('reads no other namespace, no system event, no link and no event of another program', async () => {
      const [red, blue] = [await open({ namespace: 'red' }), await open({ namespace: 'redder' })];
      await record(red, 'deal-1', 'A');
      const head = await red.head();
      await record(blue, 'deal-1', 'B');
      await foreign('red.deal-1', '$>');
      await foreign('red.deal-2', 'SomebodyElses');
      await foreign('$ce-deal', '$>');
      expect(await red.head()).toBe(head);
      expect((await all(red.readAll())).map(({ stream, type }) => `${stream} ${type}`)).toEqual(['deal-1 A']);
      expect((await all(red.readAll({ categories: ['deal'] }))).map(({ type }) => type)).toEqual(['A']);
      expect(typesOf(await all(red.readStream('deal-1')))).toBe('A');
      await record(red, 'deal-1', 'Z');
      expect(await red.readAt(await blue.head())).toBeUndefined();
      expect((await all(blue.readAll())).map(({ stream, revision }) => `${stream}@${revision}`)).toEqual(['deal-1@0']);
    });

    it('continues behind another program’s events in a stream', async () => {
      const store = await open();
      await foreign('deal-1', 'SomebodyElses');
      await store.append({ stream: 'deal-1', expected: 0, events: Array.from({ length: 1001 }, () => event('A')) });
      expect((await all(store.readStream('deal-1'))).map(({ revision }) => revision)).toEqual(
        Array.from({ length: 1001 }, (_, n) => n + 1),
      );
    });

    it('reads a whole server without a namespace, except the server’s own events', async () => {
      const store = await open();
      for (let n = 0; n < 120; n += 1) await record(store, `deal-${n}`, 'A');
      const client = EventStoreDBClient.connectionString(standIn.url);
      const types: string[] = [];
      for await (const { event: recorded } of client.readAll()) types.push(recorded?.type ?? '');
      await client.dispose();
      expect(types.filter((type) => type.startsWith('$')).length).toBeGreaterThan(2);
      expect(await all(store.readAll())).toHaveLength(120);
    });

    it('rejects a read from a position without an event', async () => {
      const store = await open();
      await record(store, 'deal-1', 'A', 'B');
      const [first] = await all(store.readAll());
      const position = (first?.position ?? 0n) + 1n;
      const client = EventStoreDBClient.connectionString(standIn.url);
      await expect(client.readAll({ fromPosition: { commit: position, prepare: position } }).toArray()).rejects.toThrow(
        'ReadAllResult',
      );
      await client.dispose();
      expect(await store.readAt(position)).toBeUndefined();
    });

    it('refuses names that are the server’s own, ids that it could not return, and ambiguous namespaces', async () => {
      const store = await open();
      await expect(record(store, '$deal-1', 'A')).rejects.toBeInstanceOf(TypeError);
      await expect(record(store, 'deal-1', '$A')).rejects.toBeInstanceOf(TypeError);
      await expect(
        store.append({ stream: 'deal-1', expected: 'none', events: [event('A', {}, { id: 'one' })] }),
      ).rejects.toBeInstanceOf(TypeError);
      await expect(open({ namespace: 'a.b' })).rejects.toBeInstanceOf(RangeError);
      await expect(open({ url: 'http://127.0.0.1' })).rejects.toBeInstanceOf(RangeError);
    });
  });

  it('finds the position of an instant in a log that has grown since the last query', async () => {
    const store = await open();
    const noon = (day: number): string => new Date(Date.UTC(2025, 0, day, 12)).toISOString();
    const note = (day: number): Promise<unknown> =>
      store.append({ stream: 'note-1', expected: 'any', events: [recordedAt(noon(day))] });
    const positions: bigint[] = [0n];
    for (let day = 1; day <= 12; day += 1) {
      await note(day);
      positions.push(await store.head());
      expect(await store.positionAt(noon(day))).toBe(positions.at(-1));
    }
    await note(3);
    expect(await Promise.all([0, 1, 5, 11].map((day) => store.positionAt(noon(day))))).toEqual(
      [0, 1, 5, 11].map((day) => positions[day]),
    );
    expect(await store.positionAt(noon(12))).toBe(await store.head());
  });

  it('appends many to one stream in their order, and more at once than the limit of parallel appends', async () => {
    const store = await open();
    const appends = Array.from({ length: 600 }, (_, n) => ({
      stream: `deal-${n % 300}`,
      expected: n < 300 ? ('none' as const) : 0,
      events: [event('A')],
    }));
    const answers = await store.appendMany(appends);
    expect(
      answers.every((answer, n) => !(answer instanceof WrongRevision) && answer.revision === (n < 300 ? 0 : 1)),
    ).toBe(true);
  });

  it('uses TLS with the certificate and the credentials of its URL, and is refused without them', async () => {
    const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    const certificate =
      '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
    execFileSync('openssl', ['req', '-x509', ...certificate.split(' '), '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    await standIn.close();
    standIn = await startStandIn({
      tls: { cert: readFileSync(cert), key: readFileSync(key), user: 'ann', password: 'p@ss' },
    });
    const url = (user: string): string =>
      `esdb://${user}localhost:${standIn.tlsPort}?tls=true&tlsCAFile=${encodeURIComponent(cert)}`;
    const store = await open({ url: url('ann:p%40ss@') });
    await record(store, 'deal-1', 'A');
    let notified = 0;
    store.onAppend(() => (notified += 1));
    await eventually(() => notified > 0);
    const before = notified;
    await record(store, 'deal-1', 'B');
    await eventually(() => notified > before);
    expect(typesOf(await all(store.readAll()))).toBe('AB');
    await expect(open({ url: url('ann:wrong@') })).rejects.toThrow('Access Denied');
    await expect(open({ url: url('') })).rejects.toThrow('Access Denied');
    rmSync(directory, { recursive: true });
  });
});
