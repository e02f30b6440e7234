import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openSqliteEventStore } from '@attain/adapters';
import type { NewEvent } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { generateDeals, repName } from './generated.js';
import { goal, type Measured, median } from './report.js';
import type { Start, StartedProcess } from './started.js';

const started = fileURLToPath(new URL('./started.js', import.meta.url));
const run = promisify(execFile);
const BATCH = 1000;
const GOAL = 3000;
const n = (count: number) => count.toLocaleString('en-US');
const s = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
const mb = (bytes: number) => `${n(Math.round(bytes / 1e6))} MB`;

/** A process from its start until it answers, from the log and from the snapshot of facts, and the memory of its history. */
export async function starting(directory: string, deals: number): Promise<Measured[]> {
  await writeLog(directory, deals);
  const from = (start: Omit<Start, 'directory'>) => processOf({ directory, ...start });
  const log = await from({ snapshot: 'none', facts: 'all' });
  const written = await from({ snapshot: 'written', facts: 'all' });
  const restored = [
    await from({ snapshot: 'read', facts: 'all' }),
    await from({ snapshot: 'read', facts: 'all' }),
    await from({ snapshot: 'read', facts: 'all' }),
  ];
  if (restored.some(({ facts }) => facts !== log.facts))
    throw new Error(`the snapshot gives ${restored[0]!.facts} facts, the log ${log.facts}`);
  const people = await from({ snapshot: 'none', facts: 'people' });
  const [time, processor] = [
    median(restored.map(({ ready }) => ready)),
    median(restored.map(({ processor }) => processor)),
  ];
  const calculation = deals / ((processor + median(restored.map(({ calculated }) => calculated))) / 1000);
  const fromLog = deals / ((log.processor + log.calculated) / 1000);
  const bytes = (log.heap - people.heap) / deals;
  const five = 3 * log.heap + 2 * people.heap;
  return [
    {
      what: `start from the snapshot, ${n(deals)} deals`,
      value: `${s(time)}, ${s(processor)} of processor time`,
      baseline: `from the log ${s(log.ready)}, ${s(log.processor)} of processor time`,
      ratio: log.ready / time,
      ...(deals === 1_000_000 ? goal(processor, '≤', GOAL, s(GOAL)) : { aim: `≤ ${s(GOAL)} at 1,000,000 deals` }),
    },
    {
      what: `first calculation from the store, the start of the process in it, ${n(log.lines)} lines`,
      value: `${n(Math.round(calculation))} deals/s`,
      baseline: `from the log ${n(Math.round(fromLog))} deals/s`,
      ratio: calculation / fromLog,
      ...goal(calculation, '≥', 300_000, '300,000 deals/s'),
    },
    {
      what: 'memory of a deal of two events, its facts in it',
      value: `${n(Math.round(bytes))} bytes`,
      ...goal(bytes, '≤', 500, '500 bytes'),
    },
    {
      what: 'writing the whole snapshot in the background',
      value: `${s(written.writing!)}`,
      baseline: `${mb(written.bytes!)} in files, ${Math.round(written.bytes! / deals)} bytes a deal`,
    },
    {
      what: 'memory of planning or pipeline, which hold no deals',
      value: mb(people.heap),
      baseline: `incentives, reporting or forecasting ${mb(log.heap)}`,
      ratio: log.heap / people.heap,
    },
    {
      what: 'memory of the five processes',
      value: mb(five),
      baseline: `where each holds all facts ${mb(5 * log.heap)}`,
      ratio: (5 * log.heap) / five,
    },
  ];
}

export async function processOf(start: Start): Promise<StartedProcess> {
  const { stdout } = await run(process.execPath, [
    '--max-old-space-size=8192',
    started,
    JSON.stringify({ ...start, spawned: Date.now() }),
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as StartedProcess;
}

const plan = {
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  currency: 'USD',
  pays: 'monthly',
  components: [
    {
      name: 'Commission',
      measure: 'revenue',
      per: 'month',
      tiers: [
        { from: '0', rate: '5%' },
        { from: '100000', rate: '8%' },
      ],
    },
  ],
};

/** The log of a company as an import leaves it: each deal opened and won. */
async function writeLog(directory: string, deals: number): Promise<void> {
  const store = openSqliteEventStore({ file: `${directory}/events.db` });
  const meta = { actor: 'bench', correlation: 'bench', recorded: '2026-01-01T00:00:00.000Z' };
  const event = (type: string, data: unknown): NewEvent => ({ id: newUuid(), type, version: 1, data, meta });
  const person = (id: string) =>
    event('ParticipantAssigned', {
      participant: id,
      from: '2025-01-01',
      to: null,
      role: 'AE',
      manager: null,
      team: 'East',
      region: 'East',
      currency: null,
      fields: {},
    });
  let batch: { stream: string; expected: 'any'; events: NewEvent[] }[] = Array.from({ length: 1000 }, (_, index) => ({
    stream: `participant-${repName(index)}`,
    expected: 'any',
    events: [person(repName(index))],
  }));
  const document = {
    attain: '1',
    company: 'Bench',
    currency: 'USD',
    timeZone: 'UTC',
    measures: { revenue: { counts: 'amount', of: 'deals' } },
  };
  batch.push({
    stream: 'plan-AE',
    expected: 'any',
    events: [
      event('PlanPublished', {
        plan: 'AE',
        version: '1',
        document: { ...plan, attain: '1' },
        uses: { currency: 'USD', measures: document.measures },
        hash: 'bench',
      }),
    ],
  });
  batch.push({ stream: 'company-main', expected: 'any', events: [event('CompanyConfigured', { document })] });
  for (const { id, rep, closed, cents } of generateDeals(deals, 1000)) {
    const fields = {
      owner: rep,
      product: 'GTX Pro',
      amount: (cents / 100).toFixed(2),
      opened: '2024-12-01',
      stage: 'Won',
    };
    batch.push({
      stream: `deal-bench:${id}`,
      expected: 'any',
      events: [event('DealOpened', { source: 'bench', id, fields }), event('DealWon', { closed })],
    });
    if (batch.length < BATCH) continue;
    await store.appendMany(batch);
    batch = [];
  }
  await store.appendMany(batch);
  await store.close();
}
