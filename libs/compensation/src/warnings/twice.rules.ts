import type { Warning } from '@attain/contracts';
import { daysBetween, Exact } from '@attain/values';
import { STEP } from '../facts/steps.js';
import type { World } from '../plans/world.js';
import { aboutDeal, warning } from './warning.js';
import { dealName, type WonDeal, wonDeals } from './won-deals.js';
import { counted, listed, moneyWords } from './words.js';

/** Days between two closings that may be one. */
const NEAR = 7;
const CLOSE = 31;
/** Deals of one block that each is compared with, by date. */
const COMPARED = 40;
/** Deals of a step that compares each with others. */
const COMPARING = 200;
const MOST_SINGLY = 10;

interface Seen {
  readonly deal: WonDeal;
  readonly name: string;
  readonly account: string;
  readonly owner: string;
  readonly product: string;
  /** Days since a day of long ago. */
  readonly day: number;
}

/** Won deals of two sources that look like one, and deals of one source that agree in everything but their ids. */
export function* dealsTwice(world: World): Generator<undefined, Warning[]> {
  // Many deals share a day and an account.
  const days = new Map<string, number>();
  const cores = new Map<string, string>();
  const cored = (account: string) => {
    let known = cores.get(account);
    if (known === undefined) cores.set(account, (known = core(account)));
    return known;
  };
  const blocks = new Map<string, Seen[]>();
  const put = (key: string, one: Seen) => {
    const block = blocks.get(key);
    if (block) block.push(one);
    else blocks.set(key, [one]);
  };
  for (const [index, deal] of wonDeals(world).entries()) {
    if (index % STEP === STEP - 1) yield;
    const { name = '', account = '', owner = '', product = '' } = deal.state.fields;
    let day = days.get(deal.closed);
    if (day === undefined) days.set(deal.closed, (day = daysBetween('2000-01-01', deal.closed)));
    const one: Seen = { deal, name: plain(name), account: cored(account), owner, product, day };
    if (deal.amount !== null && !deal.amount.isZero() && one.account !== '')
      put(`a ${deal.amount} ${deal.currency} ${one.account.split(' ')[0]}`, one);
    if (one.name !== '' && owner !== '') put(`n ${one.name} ${owner}`, one);
  }
  const pairs = new Map<string, [Seen, Seen]>();
  let count = 0;
  for (const block of blocks.values()) {
    if (block.length < 2) continue;
    const dated = block.toSorted((a, b) => a.day - b.day);
    for (const [index, one] of dated.entries()) {
      if ((count += 1) % COMPARING === 0) yield;
      for (let next = index + 1; next < dated.length && next <= index + COMPARED; next += 1) {
        const other = dated[next]!;
        if (other.day - one.day > CLOSE) break;
        if (!isSame(one, other)) continue;
        const [first, second] =
          one.deal.state.record.entries[0]!.at < other.deal.state.record.entries[0]!.at ? [one, other] : [other, one];
        pairs.set(`${dealName(first.deal)}\u0000${dealName(second.deal)}`, [first, second]);
      }
    }
  }
  return warned([...pairs.values()]);
}

function isSame(one: Seen, other: Seen): boolean {
  const [a, b] = [one.deal, other.deal];
  const days = Math.abs(other.day - one.day);
  const sameAmount = a.amount !== null && b.amount !== null && a.currency === b.currency && a.amount.equals(b.amount);
  const sameOwner = one.owner !== '' && one.owner === other.owner;
  const sameName = one.name !== '' && one.name === other.name;
  if (a.source === b.source) return sameAmount && sameOwner && sameName && days === 0 && one.account === other.account;
  if (one.product !== other.product && differ(one.product, other.product)) return false;
  if (sameName && sameOwner) return days <= CLOSE && (sameAmount || alike(a, b));
  if (!sameAmount || !sameAccount(one.account, other.account)) return false;
  // Different names make one deal less likely; the same owner on nearly the same day makes it more likely.
  if (one.name !== '' && other.name !== '' && !sameName) return sameOwner && days <= NEAR;
  return days <= NEAR && (sameOwner || one.owner === '' || other.owner === '' || sameName);
}

/** Whether neither of two amounts is more than a fifth above the other. */
function alike(a: WonDeal, b: WonDeal): boolean {
  if (a.amount === null || b.amount === null || a.amount.isZero() || b.amount.isZero()) return true;
  if (a.currency !== b.currency) return false;
  const ratio = a.amount.over(b.amount);
  return ratio.compare(Exact.parse('0.8')) >= 0 && ratio.compare(Exact.parse('1.25')) <= 0;
}

function differ(a: string, b: string): boolean {
  return a !== '' && b !== '' && plain(a) !== plain(b);
}

function sameAccount(a: string, b: string): boolean {
  return a !== '' && (a === b || `${a} `.startsWith(`${b} `) || `${b} `.startsWith(`${a} `));
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const legal = new Set([
  'gmbh',
  'ag',
  'kg',
  'se',
  'ug',
  'mbh',
  'inc',
  'ltd',
  'llc',
  'llp',
  'plc',
  'corp',
  'corporation',
  'company',
  'co',
  'sa',
  'sas',
  'sarl',
  'srl',
  'spa',
  'bv',
  'nv',
  'ab',
  'as',
  'oy',
  'the',
  'limited',
]);

/** A company's name without its legal form. */
function core(account: string): string {
  const words = plain(account).split(' ');
  const kept = words.filter((word) => !legal.has(word));
  return (kept.length > 0 ? kept : words).join(' ');
}

function warned(pairs: readonly [Seen, Seen][]): Warning[] {
  const bySources = Map.groupBy(pairs, ([first, second]) => `${first.deal.source}\u0000${second.deal.source}`);
  return [...bySources.values()].flatMap((all) => {
    if (all.length <= MOST_SINGLY)
      return all.map(([first, second]) =>
        warning('DEAL_TWICE', aboutDeal(second.deal), messageOf(first, second), [
          ...first.deal.holders,
          ...second.deal.holders,
        ]),
      );
    const [first, second] = all[0]!;
    const examples = listed(all.map(([a, b]) => `${dealName(a.deal)} and ${dealName(b.deal)}`));
    const message = `${counted(all.length, 'pair')} of deals of ${first.deal.source} and ${second.deal.source} look like one deal each, and are paid twice: ${examples}`;
    return [warning('DEAL_TWICE', aboutDeal(second.deal), message, null)];
  });
}

function messageOf(first: Seen, second: Seen): string {
  const { deal } = second;
  const money = deal.amount === null ? '' : `${moneyWords(deal.amount, deal.currency)}, `;
  const who = second.owner === '' ? '' : `, owner ${second.owner}`;
  const days =
    first.deal.closed === deal.closed
      ? `closed on ${deal.closed}`
      : `closed on ${first.deal.closed} and ${deal.closed}`;
  const account = deal.state.fields['account'];
  return `${dealName(first.deal)} and ${dealName(deal)} look like the same deal (${money}${account ? `${account}, ` : ''}${days}${who}): it is paid twice; keep one of them`;
}
