import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PeriodState } from '@attain/incentives';
import { boot, type Booted, bootTogether, demoFolder, scratch } from './booted.fixture.js';

const apart = process.env['JOURNEYS'] === 'apart';
(apart ? describe : describe.skip)(
  `The demo company, served by processes of their own and by one${apart ? '' : ': skipped, since JOURNEYS is not apart'}`,
  () => {
    const opened: { close(): Promise<void> }[] = [];
    let both: Booted[];
    beforeAll(async () => {
      both = [];
      for (const start of [boot, bootTogether]) {
        const place = await scratch();
        opened.unshift({ close: place.gone });
        const booted = await start(demoFolder, place.path);
        opened.unshift(booted);
        both.push(booted);
      }
    });
    afterAll(async () => {
      for (const one of opened) await one.close();
    });

    const text = async (booted: Booted, path: string) =>
      (await (await booted.as('finance')).get(path).expect(200)).text.replace(/"position":"\d+"/, '"position":""');
    async function same(path: string): Promise<string> {
      const [one, other] = await Promise.all(both.map((booted) => text(booted, path)));
      expect(one === other ? 'the same bytes' : one).toBe(one === other ? 'the same bytes' : other);
      return one!;
    }
    const closed = async (booted: Booted) =>
      (JSON.parse(await text(booted, '/periods')) as { rows: PeriodState[] }).rows.flatMap(({ name, closed: how }) =>
        how ? [{ name, runHash: how.runHash, participants: how.participants }] : [],
      );

    it('has the same run hash for every closed month', async () => {
      const [one, other] = await Promise.all(both.map(closed));
      expect(one).toEqual(other);
      expect(one!.length).toBeGreaterThanOrEqual(9);
    });

    it('exports the same lines and the same attainment, byte for byte', async () => {
      expect((await same('/exports/lines.csv')).split('\n').length).toBeGreaterThan(4000);
      await same('/exports/attainment.csv');
    });

    it('has issued the same statements, but for the instant of closing and the ids of events', async () => {
      // The instant, and the random ids of events that were commanded one by one, are part of what is hashed.
      const timeless = (text: string): string =>
        text.replaceAll(/"(hash|issued|known|event)":("[^"]*"|null)/g, '"$1":""');
      let compared = 0;
      for (const { name } of await closed(both[0]!)) {
        const [one, other] = await Promise.all(
          both.map(async (booted) => timeless(await text(booted, `/statements/${name}`))),
        );
        expect(firstDifference(one!, other!)).toBeUndefined();
        const { rows } = JSON.parse(one!) as { rows: { participant: string }[] };
        for (const { participant } of rows.filter((_, n) => n % 10 === 0)) {
          const [a, b] = await Promise.all(
            both.map(async (booted) => timeless(await text(booted, `/statements/${name}/${participant}`))),
          );
          expect(firstDifference(a!, b!)).toBeUndefined();
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(20);
    });
  },
);

/** The place where two texts differ, with the text around it. */
function firstDifference(a: string, b: string): readonly [string, string] | undefined {
  if (a === b) return undefined;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return [a.slice(Math.max(0, at - 200), at + 100), b.slice(Math.max(0, at - 200), at + 100)];
}
