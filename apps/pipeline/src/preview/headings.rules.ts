import type { As } from '../imports/fields.rules.js';

/** Headings that mean a field, the clearest first; the name of a field always means the field. */
const deal: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'identifier', 'number', 'no', 'nr', 'key', 'ref', 'reference', 'code'],
  name: ['name', 'title', 'subject', 'titel', 'bezeichnung'],
  account: [
    'account',
    'account name',
    'customer',
    'customer name',
    'client',
    'company',
    'organization',
    'organisation',
    'kunde',
    'firma',
  ],
  product: ['product', 'product name', 'item', 'sku', 'produkt', 'artikel'],
  stage: ['stage', 'phase', 'step', 'status', 'state'],
  amount: [
    'amount',
    'value',
    'total',
    'price',
    'close value',
    'total amount',
    'net amount',
    'revenue',
    'sum',
    'arr',
    'acv',
    'tcv',
    'betrag',
    'wert',
    'umsatz',
  ],
  currency: ['currency', 'currency code', 'amount currency', 'currency of value', 'currency iso code', 'währung'],
  quantity: ['quantity', 'qty', 'units', 'menge', 'anzahl'],
  owner: [
    'owner',
    'owner name',
    'sales rep',
    'rep',
    'representative',
    'sales agent',
    'agent',
    'salesperson',
    'sales person',
    'seller',
    'account executive',
    'assigned to',
    'verkäufer',
    'besitzer',
    'owner id',
  ],
  opened: [
    'created',
    'create date',
    'created date',
    'date created',
    'creation date',
    'created on',
    'created at',
    'opened',
    'open date',
    'engage date',
    'start date',
    'add time',
    'erstellt am',
    'erstellt',
  ],
  closed: [
    'closed',
    'close date',
    'closed date',
    'date closed',
    'closed on',
    'close time',
    'won time',
    'won on',
    'won date',
    'order date',
    'booking date',
    'sale date',
    'invoice date',
    'date',
    'abschlussdatum',
    'abgeschlossen am',
    'datum',
  ],
  type: ['type', 'typ', 'kind'],
};
const people: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'employee id', 'user id', 'person id', 'personnel number', 'employee number', 'number', 'personalnummer'],
  name: ['name', 'full name', 'employee name', 'employee', 'sales agent', 'sales rep', 'rep', 'person'],
  role: ['role', 'title', 'job title', 'position', 'rolle'],
  manager: ['manager', 'manager id', 'reports to', 'supervisor', 'vorgesetzter'],
  team: ['team', 'group', 'department', 'abteilung'],
  region: ['region', 'regional office', 'office', 'territory'],
  from: ['from', 'start date', 'hire date', 'since', 'effective from', 'valid from', 'ab', 'eintritt'],
  to: ['to', 'end date', 'until', 'valid to', 'bis', 'austritt'],
  email: ['email', 'e mail', 'mail', 'email address', 'e mail address'],
};
const quotas: Readonly<Record<string, readonly string[]>> = {
  for: ['for', 'person', 'participant', 'employee', 'rep', 'sales rep', 'owner', 'team', 'name'],
  measure: ['measure', 'metric', 'kpi'],
  period: ['period', 'quarter', 'month', 'periode'],
  amount: ['amount', 'quota', 'goal', 'target amount', 'value'],
};
const others: Readonly<Record<string, readonly string[]>> = {
  deal: ['deal', 'deal id', 'opportunity', 'opportunity id'],
  participant: ['participant', 'person', 'rep', 'sales rep', 'owner', 'employee'],
  share: ['share', 'split', 'percent', 'percentage'],
  date: ['date', 'invoice date'],
  paid: ['paid', 'payment date', 'paid on', 'date'],
};

/** Words before a heading that name the table of the column. */
const NOISE = new Set([
  'deal',
  'deals',
  'opportunity',
  'opp',
  'record',
  'sales',
  'sale',
  'order',
  'associated',
  'primary',
  'hs',
]);

export function headingsOf(as: As): Readonly<Record<string, readonly string[]>> {
  if (as === 'people') return people;
  if (as === 'quotas') return quotas;
  return as === 'deals' ? deal : { ...deal, ...others };
}

/** A heading as words: `Deal - Closed on`, `closed_on` and `ClosedOn` alike. */
export function wordsOf(heading: string): string {
  return heading
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** How clearly a heading means a field: 3 is the field itself, 2 without the name of the table, 1 with further words, 0 not at all. */
export function meaning(heading: string, field: string, synonyms: readonly string[] = []): number {
  const words = wordsOf(heading);
  const bare = withoutNoise(words);
  const names = [wordsOf(field), ...synonyms];
  const best = Math.max(
    ...names.map((name, index) => {
      const step = index / 1000;
      if (words === name) return 3 - step;
      if (bare === name) return 2 - step;
      return bare.startsWith(`${name} `) || bare.endsWith(` ${name}`) ? 1 - step : 0;
    }),
  );
  return Math.max(0, best);
}

function withoutNoise(words: string): string {
  const parts = words.split(' ');
  while (parts.length > 1 && NOISE.has(parts[0]!)) parts.shift();
  return parts.join(' ');
}
