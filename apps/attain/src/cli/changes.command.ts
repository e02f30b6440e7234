import {
  type Adjustment,
  getDealTimeline,
  listAdjustments,
  listImports,
  listLeaves,
  listObjectives,
  listPeriods,
  listPlans,
  listQuotas,
  listScores,
  listSignatures,
} from '@attain/client';
import { Command, InvalidArgumentError } from 'commander';
import { answering, described } from './answering.js';
import type { Api } from './api.js';
import { Answered } from './refused.js';
import { columns, table, type Terminal } from './terminal.js';

/** One change: its actor, record, instant and reason. */
interface Change {
  readonly at: string;
  readonly by: string;
  readonly change: string;
  readonly of: string;
  /** For a change of a deal, its fields. */
  readonly fields?: readonly FieldChange[];
  readonly reason: string | null;
}
interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}
interface Changes {
  readonly rows: readonly Change[];
  /** Lists that the caller may not read. */
  readonly withheld: readonly string[];
}
interface Narrowed {
  since?: string;
  by?: string;
  limit: number;
}

export function changesCommand(terminal: Terminal): Command {
  const command = described(
    'changes',
    'list who changed what, when and why',
    'Lists who changed what, when and why, the latest change first. With a deal, it lists every change of the deal. Without a deal, it lists ' +
      'imports, plans, closed periods, adjustments, signatures, and the quotas, objectives, scores and leaves that hold now. ' +
      '`attain user changes NAME` lists the changes of a user.',
    ['attain changes --limit 10', 'attain changes crm:1MCE2AOV', 'attain changes --since 2020-01-31 --by user:fay'],
  )
    .argument('[deal]', 'a deal as SOURCE:ID, such as crm:1MCE2AOV', dealOf)
    .option('--since <date>', 'only changes from this date or instant on')
    .option('--by <actor>', 'only changes by this person or program, such as user:fay')
    .option('--limit <n>', 'the most rows to show', countOf, 50);
  return answering<[Deal | undefined], Narrowed, Changes>(terminal, command, {
    ask: async (api, [deal], options) => latest(deal ? await ofDeal(api, deal) : await ofAll(api, options), options),
    text: ({ rows, withheld }) =>
      [
        rows.length === 0
          ? 'no recorded change matches\n'
          : table(columns(['at', 'by', 'change', 'of', 'reason']), rows.flatMap(linesOf)),
        ...(withheld.length === 0 ? [] : [`not shown, because you may not read them: ${withheld.join(', ')}\n`]),
      ].join(''),
  });
}

/** One line for each field, because a deal may change many fields at once; a long value is shortened, `--json` prints it whole. */
function linesOf({ at, by, change, of, fields = [], reason }: Change): string[][] {
  const [first = of, ...others] = fields.map(({ field, before, after }) =>
    before === null ? `${field}: ${short(after)}` : `${field}: ${short(before)} → ${short(after)}`,
  );
  return [[at, by, change, first, reason ?? ''], ...others.map((other) => ['', '', '', other])];
}

const MOST_SHOWN = 40;

function short(value: unknown): string {
  const text = shown(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}

interface Deal {
  readonly source: string;
  readonly id: string;
}

function dealOf(text: string): Deal {
  const at = text.indexOf(':');
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError(`Write a deal as SOURCE:ID, such as crm:1MCE2AOV.`);
  return { source: text.slice(0, at), id: text.slice(at + 1) };
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new InvalidArgumentError('Write a whole number from 1 to 1000.');
  return count;
}

/** The newest rows that match; every list is read from its newest row on, so none is missed. */
function latest({ rows, withheld }: Changes, { since = '', by, limit }: Narrowed): Changes {
  const fitting = rows.filter((row) => row.at >= since && (by === undefined || row.by === by));
  const sorted = fitting.sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
  return { rows: sorted.slice(0, limit), withheld };
}

async function ofDeal(api: Api, path: Deal): Promise<Changes> {
  const all: Change[] = [];
  let cursor: string | undefined;
  do {
    const { rows, next } = await api.ask(getDealTimeline, { path, query: { cursor } });
    for (const { at, actor, type, changes, reason } of rows) {
      const fields = changes.map(({ field, before, after }) => `${field}: ${shown(before)} → ${shown(after)}`);
      all.push({ at, by: actor, change: type, of: fields.join('; '), fields: changes, reason });
    }
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return { rows: all, withheld: [] };
}

const shown = (value: unknown): string =>
  value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

/** Reads each list from its newest row on, and at most as many rows as are shown. */
async function ofAll(api: Api, narrowed: Narrowed): Promise<Changes> {
  const lists = { ...actsOf(api, narrowed), ...factsOf(api, narrowed) };
  const withheld: string[] = [];
  const rows: Change[] = [];
  for (const [name, read] of Object.entries(lists)) {
    try {
      rows.push(...(await read()));
    } catch (error) {
      if (!(error instanceof Answered) || error.status !== 403) throw error;
      withheld.push(name);
    }
  }
  return { rows, withheld };
}

type Lists = Readonly<Record<string, () => Promise<Change[]>>>;

/** The newest rows of a list, by the field that holds their instant. */
const newest = (instant: string, { since, limit }: Narrowed) => ({
  sort: `-${instant}`,
  limit,
  [`${instant}From`]: since,
});

function actsOf(api: Api, narrowed: Narrowed): Lists {
  const by = narrowed.by === undefined ? undefined : [narrowed.by];
  return {
    imports: async () =>
      (await api.ask(listImports, { query: { ...newest('started', narrowed), actor: by } })).rows.map((row) => ({
        at: row.started,
        by: row.actor,
        change: 'import',
        of: `${row.source}: ${row.opened} opened, ${row.changed} changed, ${row.retracted} retracted`,
        reason: null,
      })),
    plans: async () =>
      (await api.ask(listPlans, { query: { ...newest('published', narrowed), by } })).rows.map((row) => ({
        at: row.published,
        by: row.by,
        change: 'plan published',
        of: `${row.plan} ${row.version}`,
        reason: null,
      })),
    periods: async () =>
      (await api.ask(listPeriods, { query: { limit: 1000 } })).rows.flatMap(({ name, closed }) =>
        closed === null ? [] : { at: closed.closed, by: closed.by, change: 'period closed', of: name, reason: null },
      ),
    adjustments: async () =>
      (await api.ask(listAdjustments, { query: { sort: '-proposed', limit: 1000 } })).rows.flatMap(adjusted),
    signatures: async () =>
      (await api.ask(listSignatures, { query: { ...newest('signed', narrowed), by } })).rows.map((row) => ({
        at: row.signed,
        by: row.by,
        change: 'plan signed',
        of: `${row.plan} ${row.version} by ${row.participant}`,
        reason: null,
      })),
  };
}

/** The rows in force now, without those that were replaced or retracted since. */
function factsOf(api: Api, narrowed: Narrowed): Lists {
  const actor = narrowed.by === undefined ? undefined : [narrowed.by];
  return {
    quotas: async () =>
      (await api.ask(listQuotas, { query: { ...newest('since', narrowed), actor } })).rows.map((row) => ({
        ...stated(row),
        change: 'quota assigned',
        of: `${row.for} ${row.measure} ${row.period}: ${row.amount}${row.currency === null ? '' : ` ${row.currency}`}`,
      })),
    objectives: async () =>
      (await api.ask(listObjectives, { query: { ...newest('since', narrowed), actor } })).rows.map((row) => ({
        ...stated(row),
        change: 'objective assigned',
        of: `${row.for} ${row.component} ${row.period} ${row.name}: ${row.weight}`,
      })),
    scores: async () =>
      (await api.ask(listScores, { query: { ...newest('since', narrowed), actor } })).rows.map((row) => ({
        ...stated(row),
        change: 'score recorded',
        of: `${row.participant} ${row.period} ${row.objective}: ${row.score}`,
      })),
    leaves: async () =>
      (await api.ask(listLeaves, { query: { ...newest('since', narrowed), actor } })).rows.map((row) => ({
        ...stated(row),
        change: 'leave recorded',
        of: `${row.participant} from ${row.from}${row.to === null ? '' : ` to ${row.to}`}`,
      })),
  };
}

const stated = ({ since, actor, reason }: { since: string; actor: string; reason: string | null }) => ({
  at: since,
  by: actor,
  reason,
});

/** An adjustment is proposed, and later decided by somebody else. */
function adjusted(row: Adjustment): Change[] {
  const of = `${row.participant} ${row.period}: ${row.amount}`;
  const proposed = { at: row.proposed, by: row.by, change: 'adjustment proposed', of, reason: row.reason };
  return row.decided === null || row.decidedBy === null
    ? [proposed]
    : [proposed, { at: row.decided, by: row.decidedBy, change: `adjustment ${row.state}`, of, reason: row.rejection }];
}
