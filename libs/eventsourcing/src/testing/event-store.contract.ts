import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NewEvent, StoredEvent } from '../events.js';
import { createMemoryEventStore } from '../memory/event-store.js';
import { CLOCK } from '../stretches.rules.js';
import { type Append, type Appended, type EventStore, type Expected, type ReadAll, WrongRevision } from '../ports.js';

/** An empty store; `reopen` closes it and opens the same data again, if the data outlives the process. */
export interface OpenedStore {
  store: EventStore;
  reopen?: () => Promise<EventStore>;
}

let count = 0;
export function event(type: string, data: unknown = {}, more: Partial<NewEvent> = {}): NewEvent {
  count += 1;
  return {
    id: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    type,
    version: 1,
    data,
    meta: { actor: 'ann', correlation: 'c-1', recorded: '2025-01-01T00:00:00.000Z' },
    ...more,
  };
}
export function recordedAt(recorded: string): NewEvent {
  return event('Noted', {}, { meta: { actor: 'ann', correlation: 'c-1', recorded } });
}
export async function all(pages: AsyncIterable<StoredEvent[]>): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of pages) events.push(...page);
  return events;
}
/** The rank of a position among the store's events: 1 for the first; positions themselves may be any increasing numbers. */
export async function ranksIn(store: EventStore): Promise<(position: bigint) => bigint> {
  const positions = (await all(store.readAll())).map(({ position }) => position);
  expect(positions.every((position, n) => position > (positions[n - 1] ?? 0n))).toBe(true);
  return (position) => (position === 0n ? 0n : BigInt(positions.indexOf(position) + 1));
}
const ranked = <T extends { position: bigint }>(events: readonly T[], rank: (position: bigint) => bigint): T[] =>
  events.map((event) => ({ ...event, position: rank(event.position) }));
/** Known instants never decrease, whether the store corrects each event or leaves the correction to its readers. */
const known = (events: readonly StoredEvent[]): StoredEvent[] => {
  let latest = '';
  return events.map((event) => ({
    ...event,
    meta: {
      ...event.meta,
      recorded: (latest = event.meta.recorded > latest || event.category === CLOCK ? event.meta.recorded : latest),
    },
  }));
};
/** Appends in the order in which the store wrote them (any order between streams), each with its index among the appends. */
const asWritten = (
  appends: readonly Append[],
  answers: readonly (Appended | WrongRevision)[],
): { append: Append; n: number }[] => {
  const latest = new Map<string, bigint>();
  const placed = appends.map((append, n) => {
    const answer = answers[n];
    const at = answer instanceof WrongRevision ? (latest.get(append.stream) ?? 0n) : (answer?.position ?? 0n);
    latest.set(append.stream, at);
    return { append, n, at };
  });
  return placed.sort((a, b) => (a.at === b.at ? a.n - b.n : a.at < b.at ? -1 : 1));
};
const unknown = (events: readonly StoredEvent[]): StoredEvent[] =>
  events.map((event) => ({ ...event, meta: { ...event.meta, recorded: '' } }));

/** The contract of every event store; run it against each adapter. */
export function eventStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the promises of an event store:`, () => {
    let store: EventStore;
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => store.close());
    const append = (stream: string, expected: Expected, ...types: string[]): Promise<Appended> =>
      store.append({ stream, expected, events: types.map((type) => event(type)) });
    /** An answer with the rank of its position. */
    const placed = async <A>(answer: A): Promise<A> => {
      const rank = await ranksIn(store);
      return (
        answer instanceof WrongRevision ? answer : { ...answer, position: rank((answer as Appended).position) }
      ) as A;
    };
    const at = async (nth: number): Promise<bigint> => (nth === 0 ? 0n : ((await read())[nth - 1]?.position ?? -1n));
    const brief = async (events: readonly StoredEvent[]): Promise<string[]> => {
      const rank = await ranksIn(store);
      return events.map(({ position, stream, revision, type }) => `${rank(position)} ${stream}@${revision} ${type}`);
    };
    const read = (options?: ReadAll): Promise<StoredEvent[]> => all(store.readAll(options));

    it('returns events exactly as they were appended', async () => {
      const appended = event(
        'DealOpened',
        {
          amount: '9999.99',
          big: 9007199254740991,
          ratio: 0.1,
          none: null,
          yes: true,
          nested: { list: [1, 'b', { c: '' }] },
          text: 'Zoë said: «\u2028»,\n"{}" 😀',
        },
        {
          version: 3,
          meta: {
            actor: 'ann',
            correlation: 'c',
            recorded: '2025-02-03T04:05:06.789Z',
            causation: 'x',
            reason: 'why',
            effective: '2025-01-01',
            key: 'k',
            fingerprint: 'f',
          },
        },
      );
      await store.append({ stream: 'deal-crm:Zoë 1', expected: 'none', events: [appended] });
      const expected = { ...appended, position: await at(1), stream: 'deal-crm:Zoë 1', category: 'deal', revision: 0 };
      expect(expected.position > 0n).toBe(true);
      expect(await all(store.readStream('deal-crm:Zoë 1'))).toEqual([expected]);
      expect(await read()).toEqual([expected]);
      expect(await store.readStreams(['deal-crm:Zoë 1'])).toEqual(new Map([['deal-crm:Zoë 1', [expected]]]));
    });

    it('counts revisions from 0, and positions upwards', async () => {
      expect(await store.head()).toBe(0n);
      expect(await placed(await append('deal-1', 'none', 'A', 'B'))).toEqual({
        stream: 'deal-1',
        revision: 1,
        position: 2n,
      });
      expect(await placed(await append('deal-2', 'none', 'C'))).toEqual({
        stream: 'deal-2',
        revision: 0,
        position: 3n,
      });
      expect(await placed(await append('deal-1', 1, 'D'))).toEqual({ stream: 'deal-1', revision: 2, position: 4n });
      expect(await store.head()).toBe(await at(4));
      expect(await brief(await read())).toEqual(['1 deal-1@0 A', '2 deal-1@1 B', '3 deal-2@0 C', '4 deal-1@2 D']);
    });

    it('takes the part before the first dash as the category', async () => {
      await append('rate-EUR-USD', 'none', 'A');
      await append('lonely', 'none', 'B');
      expect((await read()).map(({ category }) => category)).toEqual(['rate', 'lonely']);
    });

    it('rejects an append with a wrong expected revision, and writes nothing of it', async () => {
      await append('deal-1', 'none', 'A');
      await expect(append('deal-1', 'none', 'B')).rejects.toThrow(new WrongRevision('deal-1', 'none', 0));
      await expect(append('deal-1', 1, 'B')).rejects.toBeInstanceOf(WrongRevision);
      await expect(append('deal-2', 0, 'B')).rejects.toMatchObject({ stream: 'deal-2', expected: 0, actual: 'none' });
      expect(await brief(await read())).toEqual(['1 deal-1@0 A']);
    });

    it('appends at any revision when any is expected', async () => {
      await append('deal-1', 'any', 'A');
      expect(await placed(await append('deal-1', 'any', 'B', 'C'))).toMatchObject({ revision: 2, position: 3n });
    });

    it('returns the first answer when the same events are appended again at the end of the stream', async () => {
      const [a, b, c] = [event('A'), event('B'), event('C')];
      const first = await store.append({ stream: 'deal-1', expected: 'none', events: [a] });
      expect(await store.append({ stream: 'deal-1', expected: 'none', events: [a] })).toEqual(first);
      const second = await store.append({ stream: 'deal-1', expected: 0, events: [b, c] });
      expect(await store.append({ stream: 'deal-1', expected: 0, events: [b, c] })).toEqual(second);
      expect(await store.append({ stream: 'deal-1', expected: 'any', events: [b, c] })).toEqual(second);
      expect(await store.append({ stream: 'deal-1', expected: 'none', events: [a, b, c] })).toEqual(second);
      await expect(store.append({ stream: 'deal-1', expected: 'none', events: [a] })).rejects.toBeInstanceOf(
        WrongRevision,
      );
      await expect(store.append({ stream: 'deal-1', expected: 0, events: [c, b] })).rejects.toBeInstanceOf(
        WrongRevision,
      );
      expect(await read()).toHaveLength(3);
    });

    it('answers each of many appends by itself, and each sees the ones before it', async () => {
      await append('deal-1', 'none', 'A');
      const answers = await store.appendMany([
        { stream: 'deal-1', expected: 0, events: [event('B')] },
        { stream: 'deal-2', expected: 0, events: [event('C')] },
        { stream: 'deal-1', expected: 1, events: [event('D'), event('E')] },
        { stream: 'deal-1', expected: 1, events: [event('F')] },
        { stream: 'deal-3', expected: 'none', events: [event('G')] },
      ]);
      const events = await read();
      const standsAt = (stream: string, revision: number): Appended => ({
        stream,
        revision,
        position: events.find((one) => one.stream === stream && one.revision === revision)?.position ?? -1n,
      });
      expect(answers).toEqual([
        standsAt('deal-1', 1),
        new WrongRevision('deal-2', 0, 'none'),
        standsAt('deal-1', 3),
        new WrongRevision('deal-1', 1, 3),
        standsAt('deal-3', 0),
      ]);
      expect(events).toHaveLength(5);
      expect((await all(store.readStream('deal-1'))).map(({ type }) => type).join('')).toBe('ABDE');
      expect(await store.appendMany([])).toEqual([]);
    });

    it('lets exactly one of many concurrent writers of a stream win', async () => {
      const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => append('deal-1', 'none', `T${n}`)));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await read()).toHaveLength(1);
    });

    it('gives concurrent writers of many streams distinct positions, and the events of one append adjacent ones', async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => append(`deal-${n}`, 'none', 'A', 'B')));
      const rank = await ranksIn(store);
      expect(answers.map(({ position }) => Number(rank(position))).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 50 }, (_, n) => 2 * n + 2),
      );
      expect(await read()).toHaveLength(100);
    });

    it('rejects events that it cannot store, and continues', async () => {
      await expect(store.append({ stream: 'deal-1', expected: 'none', events: [] })).rejects.toBeInstanceOf(TypeError);
      await expect(append('', 'none', 'A')).rejects.toBeInstanceOf(TypeError);
      await expect(append('deal-a\nb', 'none', 'A')).rejects.toBeInstanceOf(TypeError);
      await expect(append('deal-1', -1, 'A')).rejects.toBeInstanceOf(TypeError);
      await expect(
        store.append({ stream: 'deal-1', expected: 'none', events: [recordedAt('yesterday')] }),
      ).rejects.toBeInstanceOf(TypeError);
      await expect(
        store.append({ stream: 'deal-1', expected: 'none', events: [event('A', { amount: Number.NaN })] }),
      ).rejects.toBeInstanceOf(TypeError);
      expect(await append('deal-1', 'none', 'A')).toMatchObject({ revision: 0 });
      expect(await read()).toHaveLength(1);
    });

    it('reads a stream from any revision on', async () => {
      await append('deal-1', 'none', 'A', 'B', 'C');
      await append('deal-2', 'none', 'X');
      await append('deal-1', 2, 'D');
      expect(await brief(await all(store.readStream('deal-1', 1)))).toEqual([
        '2 deal-1@1 B',
        '3 deal-1@2 C',
        '5 deal-1@3 D',
      ]);
      expect(await brief(await all(store.readStream('deal-1', 3)))).toEqual(['5 deal-1@3 D']);
      expect(await all(store.readStream('deal-1', 4))).toEqual([]);
      expect(await all(store.readStream('deal-9'))).toEqual([]);
    });

    it('reads a stream that is longer than a page', async () => {
      for (let n = 0; n < 5; n += 1)
        await store.append({
          stream: 'deal-1',
          expected: 'any',
          events: Array.from({ length: 700 }, () => event('A', { text: 'x'.repeat(100) })),
        });
      const events = await all(store.readStream('deal-1'));
      expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 3500 }, (_, n) => n));
      expect((await all(store.readStream('deal-1', 3333))).map(({ revision }) => revision)[0]).toBe(3333);
    });

    it('reads whole streams at once; an unknown one is absent', async () => {
      await append('deal-1', 'none', 'A');
      await append('deal-2', 'none', 'B');
      await append('deal-1', 0, 'C');
      const streams = await store.readStreams(['deal-2', 'deal-9', 'deal-1']);
      expect([...streams.keys()].sort()).toEqual(['deal-1', 'deal-2']);
      expect(await brief(streams.get('deal-1') ?? [])).toEqual(['1 deal-1@0 A', '3 deal-1@1 C']);
      expect(await store.readStreams([])).toEqual(new Map());
    });

    it('reads several categories in the order of the store, between two positions, in pages', async () => {
      for (let n = 0; n < 30; n += 1) await append(`${['deal', 'quota', 'rate'][n % 3]}-${n}`, 'none', 'A', 'B');
      const [first, fiftieth, last] = [await at(1), await at(50), await at(60)];
      const wanted = await read({ categories: ['rate', 'deal', 'deal'], after: first, upTo: fiftieth });
      const rank = await ranksIn(store);
      expect(wanted.map(({ position }) => Number(rank(position)))).toEqual(
        Array.from({ length: 60 }, (_, n) => n + 1).filter(
          (p) => Math.floor((p - 1) / 2) % 3 !== 1 && p > 1 && p <= 50,
        ),
      );
      const pages: StoredEvent[][] = [];
      for await (const page of store.readAll({ categories: ['rate', 'deal'], after: first, upTo: fiftieth, page: 4 }))
        pages.push(page);
      expect(pages.flat()).toEqual(wanted);
      expect(pages.every(({ length }) => length > 0 && length <= 4)).toBe(true);
      expect(await read({ categories: [] })).toEqual([]);
      expect(await read({ categories: ['unheard'] })).toEqual([]);
      expect(await read({ after: last })).toEqual([]);
      expect(await read({ after: await store.head() })).toEqual([]);
    });

    it('may leave out streams that the caller ignores, and no other', async () => {
      const names = ['deal-1', 'deal-"2\\"', 'deal-ü', 'deal-1,"revision":0'];
      for (const [n, name] of [...names, ...names].entries())
        await append(name, n < names.length ? 'none' : 1, 'A', 'B');
      for (const passed of names) {
        const asked: string[] = [];
        const kept = (
          await read({
            without(stream) {
              asked.push(stream);
              return stream === passed;
            },
          })
        ).filter(({ stream }) => stream !== passed);
        expect(kept).toEqual((await read({})).filter(({ stream }) => stream !== passed));
        expect(asked.filter((stream) => !names.includes(stream))).toEqual([]);
      }
    });

    it('finds the event at a position, and none at a position without an event', async () => {
      await append('deal-1', 'none', 'A', 'B');
      await append('deal-2', 'none', 'C');
      expect((await store.readAt(await at(2)))?.type).toBe('B');
      expect((await store.readAt(await at(3)))?.stream).toBe('deal-2');
      expect(await store.readAt(0n)).toBeUndefined();
      expect(await store.readAt((await at(3)) + 1n)).toBeUndefined();
    });

    it('returns a constant seal of the log up to an event, and none at a position without an event', async () => {
      await append('deal-1', 'none', 'A');
      const first = await store.sealAt(await at(1));
      await append('deal-2', 'none', 'B', 'C');
      const seals = [await store.sealAt(await at(1)), await store.sealAt(await at(3))];
      expect(seals[0]).toBe(first);
      expect(new Set([...seals, undefined]).size).toBe(3);
      expect([await store.sealAt(0n), await store.sealAt((await at(3)) + 1n)]).toEqual([undefined, undefined]);
      if (!opened.reopen) return;
      store = await opened.reopen();
      expect(await store.sealAt(await at(3))).toBe(seals[1]);
    });

    it('finds the last position that was known at an instant', async () => {
      const day = (n: number): string => `2025-01-0${n}T12:00:00.000Z`;
      expect(await store.positionAt(day(1))).toBe(0n);
      for (const n of [2, 2, 4, 4, 5])
        await store.append({ stream: `note-${n}`, expected: 'any', events: [recordedAt(day(n))] });
      const rank = await ranksIn(store);
      const rankAt = async (instant: string): Promise<bigint> => rank(await store.positionAt(instant));
      expect(await Promise.all([1, 2, 3, 4, 5, 6].map((n) => rankAt(day(n))))).toEqual([0n, 2n, 2n, 4n, 5n, 5n]);
      expect(await rankAt('2025-01-04T12:00:00Z')).toBe(4n);
      expect(await rankAt('2025-01-04T11:59:59.999Z')).toBe(2n);
      await expect(store.positionAt('once upon a time')).rejects.toBeInstanceOf(RangeError);
    });

    it('records no event as known before an earlier event', async () => {
      const late = '2025-03-01T00:00:00.000Z';
      await store.append({ stream: 'note-1', expected: 'none', events: [recordedAt(late)] });
      await store.append({ stream: 'note-2', expected: 'none', events: [recordedAt('2025-02-01T00:00:00.000Z')] });
      expect(await store.positionAt('2025-02-15T00:00:00.000Z')).toBe(0n);
      expect(await store.positionAt(late)).toBe(await store.head());
      await store.append({ stream: 'note-1', expected: 0, events: [recordedAt('2025-02-20T00:00:00.000Z')] });
      expect(await store.positionAt('2025-02-25T00:00:00.000Z')).toBe(0n);
      expect(await store.positionAt(late)).toBe(await store.head());
    });

    it('begins instants anew where the clock was accepted, and all earlier events were known by then', async () => {
      const record = async (stream: string, day: string): Promise<Appended> =>
        store.append({ stream, expected: 'any', events: [recordedAt(`${day}T00:00:00.000Z`)] });
      await record('deal-1', '2026-01-01');
      await record('deal-2', '2036-01-01');
      await record('deal-3', '2026-01-02');
      const whileAhead = [
        await store.positionAt('2026-01-01T12:00:00Z'),
        await store.positionAt('2026-01-03T00:00:00Z'),
      ];
      await record('clock-main', '2026-01-05');
      await record('deal-4', '2026-01-07');
      const rank = await ranksIn(store);
      const known = async (day: string): Promise<bigint> => rank(await store.positionAt(`${day}T00:00:00Z`));
      expect([
        await known('2025-12-31'),
        await known('2026-01-01'),
        await known('2026-01-04'),
        await known('2026-01-05'),
        await known('2026-01-06'),
        await known('2026-01-07'),
        await known('2036-06-01'),
      ]).toEqual([0n, 1n, 1n, 4n, 4n, 5n, 5n]);
      // A query of the past, made while the clock was ahead, always returns the same answer.
      expect([await store.positionAt('2026-01-01T12:00:00Z'), await store.positionAt('2026-01-03T00:00:00Z')]).toEqual(
        whileAhead,
      );
      expect((await read()).at(-1)?.meta.recorded).toBe('2026-01-07T00:00:00.000Z');
      // A person accepted a wrong clock and accepts the corrected one.
      await record('clock-main', '2040-01-01');
      await record('deal-5', '2040-01-02');
      await record('clock-main', '2026-01-09');
      const again = await ranksIn(store);
      expect([
        again(await store.positionAt('2026-01-08T00:00:00Z')),
        again(await store.positionAt('2026-01-09T00:00:00Z')),
      ]).toEqual([5n, 8n]);
    });

    it('accepts nothing more once it is closed, and loses nothing that it has accepted', async () => {
      const pending = append('deal-1', 'none', 'A');
      await store.close();
      await expect(pending).resolves.toMatchObject({ revision: 0 });
      await expect(append('deal-2', 'none', 'A')).rejects.toThrow('closed');
      await store.close();
    });

    it('continues with its data when it is opened again', async () => {
      if (!opened.reopen) return;
      await append('deal-1', 'none', 'A', 'B');
      await append('deal-2', 'none', 'C');
      store = await opened.reopen();
      expect(await brief(await read())).toEqual(['1 deal-1@0 A', '2 deal-1@1 B', '3 deal-2@0 C']);
      expect(await placed(await append('deal-1', 1, 'D'))).toEqual({ stream: 'deal-1', revision: 2, position: 4n });
      await expect(append('deal-2', 'none', 'E')).rejects.toBeInstanceOf(WrongRevision);
    });

    it('answers any history of appends like the reference', async () => {
      const one = fc.record({
        stream: fc.constantFrom('deal-1', 'deal-2', 'quota-1', 'rate-a-b', 'clock-main'),
        expected: fc.oneof(fc.constantFrom<Expected>('none', 'any'), fc.nat({ max: 6 })),
        ids: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }),
        hour: fc.nat({ max: 9 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(one, { maxLength: 5 }), { maxLength: 8 }), async (batches) => {
          const here = (await open()).store;
          const reference = createMemoryEventStore();
          try {
            const answers: [
              Awaited<ReturnType<EventStore['appendMany']>>,
              Awaited<ReturnType<EventStore['appendMany']>>,
            ][] = [];
            for (const batch of batches) {
              const appends = batch.map(({ stream, expected, ids, hour }): Append => ({
                stream,
                expected,
                events: ids.map((id) =>
                  event(
                    `T${id}`,
                    { id },
                    {
                      id: `00000000-0000-4000-9000-${String(id).padStart(12, '0')}`,
                      meta: { actor: 'ann', correlation: 'c', recorded: `2025-01-01T0${hour}:00:00.000Z` },
                    },
                  ),
                ),
              }));
              const mine = await here.appendMany(appends);
              const written = asWritten(appends, mine);
              const referenceAnswers = await reference.appendMany(written.map(({ append }) => append));
              answers.push([
                mine,
                appends.map(
                  (_, n) => referenceAnswers[written.findIndex((one) => one.n === n)] as Appended | WrongRevision,
                ),
              ]);
            }
            const [rank, reranked] = [await ranksIn(here), await ranksIn(reference)];
            const placedBy = (of: typeof rank) => (answer: Appended | WrongRevision) =>
              answer instanceof WrongRevision ? answer : { ...answer, position: of(answer.position) };
            for (const [mine, theirs] of answers)
              expect(mine.map(placedBy(rank))).toEqual(theirs.map(placedBy(reranked)));
            const theirs = await all(reference.readAll());
            const mine = await all(here.readAll());
            expect(known(ranked(mine, rank))).toEqual(known(ranked(theirs, reranked)));
            const same = async (ask: (store: EventStore, after: bigint) => Promise<StoredEvent[]>): Promise<void> =>
              expect(unknown(ranked(await ask(here, mine[1]?.position ?? 0n), rank))).toEqual(
                unknown(ranked(await ask(reference, theirs[1]?.position ?? 0n), reranked)),
              );
            for (const stream of ['deal-1', 'rate-a-b']) await same((store) => all(store.readStream(stream, 1)));
            await same((store, after) => all(store.readAll({ categories: ['deal', 'rate'], after, page: 2 })));
            await same(async (store) =>
              [...(await store.readStreams(['deal-1', 'deal-2', 'none']))]
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .flatMap(([, events]) => events),
            );
            for (const hour of [0, 4, 9])
              expect(rank(await here.positionAt(`2025-01-01T0${hour}:30:00.000Z`))).toBe(
                reranked(await reference.positionAt(`2025-01-01T0${hour}:30:00.000Z`)),
              );
          } finally {
            await here.close();
          }
        }),
        { numRuns: 40 },
      );
    });
  });
}
