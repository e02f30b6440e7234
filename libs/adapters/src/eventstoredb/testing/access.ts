import type { ServerLog } from './log.js';

/** A caller; groups beside the name. */
export interface Account {
  name: string;
  groups: readonly string[];
}
export type Action = 'read' | 'write';

const ADMINS = '$admins';
/** In a list of access rights: everybody. */
const EVERYBODY = '$all';

/**
 * The access rules of a server: its administrators may do anything; others need a right in a stream's own metadata, or the default,
 * which gives everybody access to streams of users, and only administrators to those that begin with $, `$all` among them.
 */
export async function permits(
  log: ServerLog,
  account: Account | undefined,
  action: Action,
  stream: string,
): Promise<boolean> {
  if (account?.groups.includes(ADMINS)) return true;
  if (stream === '$all' && action === 'write') return false;
  const of = stream.startsWith('$$') ? stream.slice(2) : stream;
  const { $acl } = await log.metadata(of);
  // The metadata of a stream has the defaults of the stream itself; the stand-in has no $mr and $mw.
  const listed =
    (of === stream ? $acl?.[action === 'read' ? '$r' : '$w'] : undefined) ?? (of.startsWith('$') ? ADMINS : EVERYBODY);
  return [listed].flat().some((role) => role === EVERYBODY || role === account?.name || account?.groups.includes(role));
}
