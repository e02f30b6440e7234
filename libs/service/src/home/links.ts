import { type Caller, may } from '../identity/caller.js';
import type { Permission } from '../identity/roles.js';

export const LINKS = Symbol('LINKS');

/** Something to look at, for callers who have the permission; `{participant}` in the address becomes the caller's own. */
export interface Link {
  title: string;
  about: string;
  href: string;
  permission: Permission;
}

export function linksOf(caller: Caller, links: readonly Link[]): Link[] {
  return links
    .filter(
      ({ permission, href }) =>
        may(caller, permission) && (caller.participant !== undefined || !href.includes('{participant}')),
    )
    .map((link) => ({
      ...link,
      href: link.href.replaceAll('{participant}', encodeURIComponent(caller.participant ?? '')),
    }));
}
