import { type Caller, may } from '../identity/caller.js';
import type { Permission } from '../identity/roles.js';

export const LINKS = Symbol('LINKS');

/** The periods of the company for links. */
export interface LinkedPeriods {
  /** The last closed period, else the current month. */
  readonly period: string;
  /** The quarter of that period. */
  readonly quarter: string;
}

/** A page for callers with the permission; `{participant}`, `{period}` and `{quarter}` in its address are replaced. */
export interface Link {
  title: string;
  about: string;
  href: string;
  permission: Permission;
}

export function linksOf(caller: Caller, links: readonly Link[], { period, quarter }: LinkedPeriods): Link[] {
  return links
    .filter(
      ({ permission, href }) =>
        may(caller, permission) && (caller.participant !== undefined || !href.includes('{participant}')),
    )
    .map((link) => ({
      ...link,
      href: link.href
        .replaceAll('{participant}', encodeURIComponent(caller.participant ?? ''))
        .replaceAll('{period}', encodeURIComponent(period))
        .replaceAll('{quarter}', encodeURIComponent(quarter)),
    }));
}
