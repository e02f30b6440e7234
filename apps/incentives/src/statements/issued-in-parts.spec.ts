import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { engineVersion } from '@attain/compensation';
import { type AttainEvent, eventTypes, type Statement, statementHash } from '@attain/contracts';
import type { Reaction, StoredEvent } from '@attain/eventsourcing';
import { createInstance, EVENT_STORE, HISTORY, type Instance, READ_MODELS } from '@attain/service';
import { endOfDay, newUuid, startOfDay } from '@attain/values';
import {
  IncentivesModule,
  PeriodCommands,
  PlanCommands,
  RowQueries,
  StatementQueries,
  Verification,
} from '../index.js';
import { IssueStatements } from './issue-statements.policy.js';
import { type IssueStatement, statementDecider } from './statement.decider.js';
import { PARTS_AT_ONCE, partsOf, type StatementEvent } from './statement-parts.rules.js';

const context = { actor: 'user:fay', correlation: 'c' };
const plan = {
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  components: [
    {
      name: 'Commission',
      measure: 'revenue',
      per: 'month',
      tiers: [
        { from: '0%', rate: '10%' },
        { from: '100%', rate: '15%' },
      ],
    },
  ],
};

let instance: Instance;
let now = startOfDay('2025-01-01', 'UTC');
const queries = () => instance.get(StatementQueries);
const stream = (period: string) => `statement-ann~${period}`;
async function append(to: string, events: readonly AttainEvent[], version?: number): Promise<void> {
  const meta = { actor: 'test', correlation: 'c', recorded: now };
  await instance.get(EVENT_STORE).append({
    stream: to,
    expected: 'any',
    events: events.map((event) => ({
      ...event,
      id: newUuid(),
      version: version ?? eventTypes.get(event.type)!.version,
      meta,
    })),
  });
}
async function won(at: string, closed: string, ...ids: string[]): Promise<void> {
  now = startOfDay(at, 'UTC');
  const meta = { actor: 'test', correlation: 'c', recorded: now };
  const opened = (id: string): AttainEvent => ({
    type: 'DealOpened',
    data: { source: 'crm', id, fields: { owner: 'ann', amount: '1000' } },
  });
  const events = (id: string) =>
    [opened(id), { type: 'DealWon', data: { closed } } as AttainEvent].map((event) => ({
      ...event,
      id: newUuid(),
      version: 1,
      meta,
    }));
  await instance
    .get(EVENT_STORE)
    .appendMany(ids.map((id) => ({ stream: `deal-crm:${id}`, expected: 'none' as const, events: events(id) })));
  await instance.caughtUp();
}
async function quota(day: string, period: string, amount: string): Promise<void> {
  now = startOfDay(day, 'UTC');
  await append('quota-ann~revenue', [
    {
      type: 'QuotaAssigned',
      data: { for: 'ann', measure: 'revenue', period, amount, target: null, credit: ['sales'], currency: null },
    },
  ]);
  await instance.caughtUp();
}
async function close(period: string, on: string): Promise<void> {
  now = endOfDay(on, 'UTC');
  await instance.get(PeriodCommands).close(period, context);
  await instance.caughtUp();
}
/** Closes a period; between the close and what the policy does comes what `meanwhile` does. */
async function closeWhile(
  period: string,
  on: string,
  meanwhile: (statement: Statement) => Promise<void>,
  react?: IssueStatements['react'],
): Promise<void> {
  const real = IssueStatements.prototype.react;
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  IssueStatements.prototype.react = async function (event) {
    await held;
    return (react ?? real).call(this, event);
  };
  try {
    const closing = close(period, on);
    while (
      !instance
        .get(HISTORY)
        .closed()
        .some((closed) => closed.period === period)
    )
      await pause(5);
    await meanwhile(instance.get(HISTORY).statement({ participant: 'ann', period }));
    release();
    await closing;
  } finally {
    release();
    IssueStatements.prototype.react = real;
  }
}
async function issuedEvents(period: string): Promise<StoredEvent[]> {
  const found: StoredEvent[] = [];
  for await (const page of instance.get(EVENT_STORE).readStream(stream(period))) found.push(...page);
  return found;
}

beforeAll(async () => {
  instance = await createInstance([IncentivesModule], { clock: () => now, logLevel: 'silent' });
  await append('company-main', [
    {
      type: 'CompanyConfigured',
      data: { document: { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } } },
    },
  ]);
  await append('participant-ann', [
    {
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
    },
  ]);
  await instance.get(PlanCommands).publish(plan, context);
  for (const month of ['01', '02', '03', '05']) {
    await quota('2025-01-02', `2025-${month}`, '1500');
    await won('2025-01-03', `2025-${month}-10`, `D${month}a`, `D${month}b`);
  }
});
afterAll(() => instance.close());

describe('A statement that is issued', () => {
  it('is nowhere shown before its last part is stored, and is continued after a kill', async () => {
    const parts: StatementEvent[] = [];
    const small: IssueStatements['react'] = async () => {
      const command: IssueStatement = { do: 'issue', parts: parts as unknown as IssueStatement['parts'] };
      return Array.from({ length: Math.ceil(parts.length / PARTS_AT_ONCE) }, (): Reaction<typeof statementDecider> => ({
        decider: statementDecider,
        id: 'ann~2025-01',
        command,
      }));
    };
    await closeWhile(
      '2025-01',
      '2025-01-31',
      async (statement) => {
        parts.push(...partsOf(statement, engineVersion, 1));
        expect(parts.length).toBeGreaterThan(2);
        await append(stream('2025-01'), parts.slice(0, 2));
        while ((await instance.get(READ_MODELS).model('issued-statements').count({ period: '2025-01' })) === 0)
          await pause(5);
        for (const asked of [
          () => queries().list(instance.scope, '2025-01'),
          () => queries().one(instance.scope, 'ann', '2025-01'),
          () => instance.get(RowQueries).statements(instance.scope, '2025-01-31'),
        ]) {
          await expect(asked()).rejects.toThrow('2025-01 is closed, and 0 of 1 statements are issued');
        }
        expect((await instance.get(Verification).run()).discrepancies).toMatchObject([
          { code: 'MISSING', period: '2025-01', participant: 'ann' },
        ]);
      },
      small,
    );
    expect((await issuedEvents('2025-01')).map(({ data }) => data)).toEqual(parts.map(({ data }) => data));
    const [one, [summary]] = [
      await queries().one(instance.scope, 'ann', '2025-01'),
      await queries().list(instance.scope, '2025-01'),
    ];
    expect(one).toMatchObject({ payable: '225.00', lines: [{ record: { id: 'D01a' } }, { record: { id: 'D01b' } }] });
    expect(summary).toMatchObject({ payable: '225.00', lines: 2, hash: one.hash, issued: one.issued });
    expect(
      (await instance.get(RowQueries).statements(instance.scope, '2025-01-31'))
        .split('\n')
        .filter((row) => row.includes(',2025-01,ann,')),
    ).toHaveLength(2);
    expect(await instance.get(Verification).run()).toMatchObject({ agrees: true, statements: 1 });
  });

  it('by an older engine is served with the traces it was issued with, and verified by its own rule', async () => {
    await closeWhile('2025-02', '2025-02-28', async (statement) => {
      const lines = statement.lines.map((line) => ({
        ...line,
        trace: { ...line.trace, rule: `as stated then: ${line.trace.rule}` },
      }));
      const old = { ...statement, lines };
      await append(
        stream('2025-02'),
        [
          {
            type: 'StatementIssued',
            data: { participant: 'ann', period: '2025-02', statement: old, hash: statementHash(old, 1) },
          } as unknown as AttainEvent,
        ],
        4,
      );
    });
    expect(await issuedEvents('2025-02')).toHaveLength(1);
    const one = await queries().one(instance.scope, 'ann', '2025-02');
    expect(one.lines.map(({ trace }) => trace!.rule)).toEqual([
      expect.stringMatching(/^as stated then: /),
      expect.stringMatching(/^as stated then: /),
    ]);
    expect([one.hash, one.engine]).toEqual([(await queries().list(instance.scope, '2025-02'))[0]!.hash, null]);
    expect(await queries().line(instance.scope, 'ann', '2025-02', one.lines[0]!.id)).toMatchObject({
      explained: { engine: null, tree: engineVersion },
      explanation: { amount: one.lines[0]!.payable },
      differs: null,
    });
    const { agrees, unchecked } = await instance.get(Verification).run();
    expect({ agrees, words: unchecked.filter((text) => text.includes('in other words')) }).toEqual({
      agrees: true,
      words: [expect.stringContaining('1 statements of older engines')],
    });
  });

  it('by an engine that computed another line stays as it was issued, and states why that line has no explanation', async () => {
    await closeWhile('2025-03', '2025-03-31', async (statement) => {
      const [first, ...rest] = statement.lines;
      await append(
        stream('2025-03'),
        partsOf({ ...statement, payable: '226.00', lines: [{ ...first!, payable: '101.00' }, ...rest] }, '0'),
      );
    });
    const one = await queries().one(instance.scope, 'ann', '2025-03');
    expect(one).toMatchObject({
      payable: '226.00',
      engine: '0',
      unexplained: 1,
      lines: [
        { payable: '101.00', trace: null },
        { payable: '125.00', trace: { unrounded: '125' } },
      ],
    });
    expect(await queries().line(instance.scope, 'ann', '2025-03', one.lines[0]!.id)).toMatchObject({
      line: { trace: null },
      explanation: null,
      explained: null,
      inputs: [],
      differs: { keys: ['payable'], computed: { payable: '100.00' } },
    });
    const { discrepancies, unchecked } = await instance.get(Verification).run();
    expect(discrepancies).toMatchObject([{ code: 'DIFFERS', period: '2025-03', engine: '0' }]);
    expect(unchecked).toContainEqual(
      `Statements that differ were issued by engine 0, and this is engine ${engineVersion}: a change of the engine cannot be distinguished from a changed fact.`,
    );
  });

  it('of 5,000 lines with long names has no event above 256 KiB, and is read whole', async () => {
    await won('2025-04-10', '2025-04-10', ...Array.from({ length: 5000 }, (_, at) => `${'株'.repeat(300)}${at}`));
    await quota('2025-04-11', '2025-04', '1000');
    await close('2025-04', '2025-04-30');
    const events = await issuedEvents('2025-04');
    expect(events.length).toBeGreaterThan(PARTS_AT_ONCE);
    expect(
      Math.max(...events.map(({ data, meta }) => Buffer.byteLength(JSON.stringify([data, meta])))),
    ).toBeLessThanOrEqual(256 * 1024);
    expect(await queries().list(instance.scope, '2025-04')).toMatchObject([{ lines: 5000, payable: '749950.00' }]);
    expect((await queries().one(instance.scope, 'ann', '2025-04')).lines).toHaveLength(5000);
    expect(
      (await instance.get(RowQueries).statements(instance.scope, '2025-04-30'))
        .split('\n')
        .filter((row) => row.includes(',2025-04,ann,')),
    ).toHaveLength(5000);
  });

  it('is stored without traces, and explained as known when its period closed', async () => {
    await close('2025-05', '2025-05-31');
    const [event, ...more] = await issuedEvents('2025-05');
    expect([more.length, JSON.stringify(event!.data).includes('"trace"')]).toEqual([0, false]);
    expect(event!.data).toMatchObject({ parts: 1, hashRule: 2, engine: engineVersion });
    const before = await queries().one(instance.scope, 'ann', '2025-05');
    expect(before.hash).toBe((event!.data as { hash: string }).hash);
    await quota('2025-06-02', '2025-05', '1');
    expect(await queries().one(instance.scope, 'ann', '2025-05')).toEqual(before);
    const line = before.lines.find(({ record }) => record?.id === 'D05b')!;
    const explained = await queries().line(instance.scope, 'ann', '2025-05', line.id);
    expect(explained).toMatchObject({
      explained: { engine: engineVersion, tree: engineVersion, known: endOfDay('2025-05-31', 'UTC') },
      differs: null,
      line: { earned: '125.00', trace: { unrounded: '125' } },
    });
    expect(explained.inputs.filter(({ what }) => what.startsWith('quota')).map(({ value }) => value)).toEqual(['1500']);
  });
});
