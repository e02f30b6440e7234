import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyLog } from '@attain/adapters';
import type { AttainEvent } from '@attain/contracts';
import {
  Anchors,
  anchorsIn,
  IncentivesModule,
  issuedStatementsProjection,
  PeriodCommands,
  PlanCommands,
  Verification,
} from '@attain/incentives';
import { Alarms, createInstance, EVENT_STORE, type Instance, READ_MODELS } from '@attain/service';
import { endOfDay, newUuid, startOfDay } from '@attain/values';

let directory: string;
const clock = { now: startOfDay('2025-01-01', 'UTC') };
let instance: Instance;
const open = () =>
  createInstance([IncentivesModule], {
    urls: { events: `sqlite:${directory}` },
    clock: () => clock.now,
    logLevel: 'silent',
  });
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'attain-verify-'));
  instance = await open();
});
afterEach(async () => {
  await instance.close();
  rmSync(directory, { recursive: true });
});

async function record(stream: string, ...events: AttainEvent[]): Promise<void> {
  const meta = { actor: 'test', correlation: 'c', recorded: clock.now };
  await instance.get(EVENT_STORE).append({
    stream,
    expected: 'any',
    events: events.map((event) => ({ ...event, id: newUuid(), version: 1, meta })),
  });
}
/** Ann has won a deal of 1,000 at 10 %, and January is closed. */
async function closedJanuary(): Promise<void> {
  clock.now = startOfDay('2025-01-01', 'UTC');
  await record('company-main', {
    type: 'CompanyConfigured',
    data: { document: { company: 'Shop', currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } } },
  });
  await record('participant-ann', {
    type: 'ParticipantAssigned',
    data: {
      participant: 'ann',
      from: '2025-01-01',
      to: null,
      role: 'AE',
      manager: null,
      team: null,
      region: null,
      currency: null,
      fields: {},
    },
  });
  const plan = {
    plan: 'AE',
    version: '1',
    effective: { from: '2025-01-01' },
    assignedTo: { roles: ['AE'] },
    pays: 'monthly',
    components: [{ name: 'Commission', measure: 'revenue', rate: '10%' }],
  };
  await instance.get(PlanCommands).publish(plan, { actor: 'user:fay', correlation: 'c' });
  await record(
    'deal-crm:D1',
    { type: 'DealOpened', data: { source: 'crm', id: 'D1', fields: { owner: 'ann', amount: '1000' } } },
    { type: 'DealWon', data: { closed: '2025-01-15' } },
  );
  await close('2025-01', '2025-01-31');
}
async function close(period: string, on: string): Promise<void> {
  clock.now = endOfDay(on, 'UTC');
  await instance.get(PeriodCommands).close(period, { actor: 'user:fay', correlation: 'c' });
  await instance.caughtUp();
}
const verified = () => instance.get(Verification).run();
const edit = (file: string, sql: string): void => {
  const db = new DatabaseSync(join(directory, file));
  db.exec(sql);
  db.close();
};
const model = `${issuedStatementsProjection.name}@${issuedStatementsProjection.version}`;
const statement = `"${model}"`;

describe('Verification of read models', () => {
  it.each([
    [
      'an amount',
      `UPDATE ${statement} SET document = json_set(document, '$.payable', '999.00')`,
      { code: 'DIFFERS', key: 'ann~2025-01', fields: ['payable'] },
    ],
    [
      'the hash',
      `UPDATE ${statement} SET document = json_set(document, '$.hash', 'abc')`,
      { code: 'DIFFERS', key: 'ann~2025-01', fields: ['hash'] },
    ],
    [
      'when it was issued',
      `UPDATE ${statement} SET document = json_set(document, '$.issued', '2024-01-01T00:00:00.000Z')`,
      { code: 'DIFFERS', key: 'ann~2025-01', fields: ['issued'] },
    ],
    [
      'a field more',
      `UPDATE ${statement} SET document = json_set(document, '$.bonus', null)`,
      { code: 'DIFFERS', key: 'ann~2025-01', fields: ['bonus'] },
    ],
    [
      'a field less',
      `UPDATE ${statement} SET document = json_remove(document, '$.lines')`,
      { code: 'DIFFERS', key: 'ann~2025-01', fields: ['lines'] },
    ],
    ['a statement that is gone', `DELETE FROM ${statement}`, { code: 'MISSING', key: 'ann~2025-01', fields: [] }],
    [
      'one that nobody issued',
      `INSERT INTO ${statement} SELECT 'zoe~2025-01', position, document FROM ${statement}`,
      { code: 'EXTRA', key: null, fields: [] },
    ],
  ])('finds %s in an issued statement', async (_, sql, difference) => {
    await closedJanuary();
    expect(await verified()).toMatchObject({ agrees: true, discrepancies: [] });
    edit('models.db', sql);
    const { agrees, models, discrepancies } = await verified();
    expect(models.filter(({ differences }) => differences.length > 0)).toEqual([
      expect.objectContaining({ model, differences: [difference] }),
    ]);
    expect({ agrees, discrepancies }).toEqual({ agrees: false, discrepancies: [] });
  });

  it('finds a closed period that was edited', async () => {
    await closedJanuary();
    edit('models.db', `UPDATE "closed-periods@1" SET document = json_set(document, '$.by', 'user:eve')`);
    expect(
      (await verified()).models.flatMap(({ model, differences }) => differences.map(({ fields }) => [model, fields])),
    ).toEqual([['closed-periods@1', ['by']]]);
  });

  it('lists what was not checked', async () => {
    const { unchecked, process, elsewhere, others } = await verified();
    expect({ process, elsewhere, others }).toEqual({ process: 'attain', elsewhere: false, others: [] });
    expect(unchecked.join('\n')).toMatch(/No anchor was given/);
    expect(unchecked.join('\n')).toMatch(/Sessions and passwords/);
    expect(unchecked.join('\n')).not.toMatch(/other services/);
  });
});

describe('Anchors', () => {
  const kept = () => anchorsIn(join(directory, 'anchors'));

  it('are stored once after each close, with the log position of its statements', async () => {
    await closedJanuary();
    await close('2025-02', '2025-02-28');
    const written = await kept();
    expect(written.map(({ anchor }) => [anchor.company, anchor.reason])).toEqual([
      ['Shop', 'close 2025-01'],
      ['Shop', 'close 2025-02'],
    ]);
    const { events, head } = verifyLog(
      directory,
      written.map(({ anchor }) => anchor),
    );
    expect(written.at(-1)!.anchor).toMatchObject({ events, position: head.position, seal: head.seal, at: clock.now });
    await instance.get(READ_MODELS).forget({ name: 'write-anchors', version: 1, indexes: [] });
    await instance.close();
    instance = await open();
    await instance.caughtUp();
    expect(await kept()).toEqual(written);
  });

  it('show that the tail of the log was cut, also where the models went with it', async () => {
    await closedJanuary();
    const anchor = (await kept())[0]!.anchor;
    await instance.close();
    edit('events.db', `DELETE FROM append WHERE position > 4; DELETE FROM chunk WHERE position + count - 1 > 4`);
    rmSync(join(directory, 'models.db'));
    expect(verifyLog(directory).problems).toEqual([]);
    expect(verifyLog(directory, [anchor]).problems).toEqual([
      { position: anchor.position, problem: expect.stringContaining('cut off') },
    ]);
    instance = await open();
    expect(instance.get(Alarms).list()).toEqual([
      { code: 'ANCHOR', message: expect.stringContaining('the log ends at position') },
    ]);
    await instance.caughtUp();
    const { agrees, discrepancies, anchors } = await verified();
    expect({ agrees, discrepancies, found: anchors.map(({ found }) => found) }).toEqual({
      agrees: false,
      discrepancies: [],
      found: ['cut'],
    });
  });

  it('show that the log was replaced by one of the same length', async () => {
    await closedJanuary();
    const { anchor } = (await kept())[0]!;
    await instance.close();
    for (const name of ['events.db', 'models.db', 'anchors']) rmSync(join(directory, name), { recursive: true });
    instance = await open();
    await closedJanuary();
    await close('2025-02', '2025-02-28');
    const { anchors } = await instance.get(Verification).run(undefined, [anchor]);
    expect(anchors.map(({ found, reason }) => `${reason} ${found}`)).toEqual([
      'close 2025-01 differs',
      'close 2025-01 agrees',
      'close 2025-02 agrees',
    ]);
  });

  it('are parked with the reason if they cannot be stored, and the close is kept', async () => {
    writeFileSync(join(directory, 'anchors'), 'a file is in the way');
    await closedJanuary();
    expect(await instance.get(READ_MODELS).parked('write-anchors@1')).toMatchObject([
      { stream: 'period-2025-01', reason: expect.stringMatching(/EEXIST|ENOTDIR/) },
    ]);
  });

  it('count nothing in an empty log', async () => {
    clock.now = '2025-01-01T00:00:00.000Z';
    expect(await instance.get(Anchors).now('asked for')).toMatchObject({
      position: '0',
      events: 0,
      seal: '0'.repeat(64),
    });
    expect(existsSync(join(directory, 'anchors'))).toBe(false);
  });
});
