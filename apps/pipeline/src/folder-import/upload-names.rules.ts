/** Characters of a path, and folders in it. */
const LONGEST = 240;
const DEEPEST = 8;

/** Why a path in an upload is refused; undefined if it lies inside the folder. */
export function refusedName(path: string): string | undefined {
  if (path === '' || path.length > LONGEST) return `expected a path of 1 to ${LONGEST} characters`;
  if (/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(path))
    return 'expected a path without control characters';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path))
    return 'an absolute path: expected one inside the folder, such as exports/deals.csv';
  if (path.includes('\\')) return 'a path with a backslash: expected one such as exports/deals.csv';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leads out of the folder: expected a path inside it, such as exports/deals.csv';
  if (parts.some((part) => part === '' || part === '.')) return 'expected a path such as exports/deals.csv';
  if (parts.length > DEEPEST) return `expected at most ${DEEPEST - 1} folders in each other`;
  return undefined;
}

/** A path of an archive, without redundant parts: `./exports/` is `exports`. */
export function plainName(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
}

/** Files of other tools in a folder, such as `.git`, which are never read. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') && part !== '.' && part !== '..');
}
