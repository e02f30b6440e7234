/** The known name that a mistyped one most probably meant, or undefined when none is near: at most one letter of `letters` differs, or one begins with the other. */
export function nearest(name: string, names: Iterable<string>, letters = 3): string | undefined {
  const known = [...names];
  const wanted = plain(name).slice(0, 100);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / letters)) + 1;
  for (const candidate of known) {
    const other = plain(candidate);
    if (Math.abs(other.length - wanted.length) >= least) continue;
    const distance = edits(wanted, other);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best ?? shortened(wanted, known);
}

/** The least number of letters of an abbreviation. */
const SHORTEST = 4;

/** The known name that begins with the given name, or with which the given name begins. */
function shortened(wanted: string, known: Iterable<string>): string | undefined {
  if (wanted.length < SHORTEST) return undefined;
  for (const candidate of known) {
    const letters = plain(candidate);
    if (letters.length >= SHORTEST && (letters.startsWith(wanted) || wanted.startsWith(letters))) return candidate;
  }
  return undefined;
}

/** ` (did you mean "rate"?)` if a known name is near, else an empty text. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
}

/** ` (did you mean "rate"?)` if a known name is near, else the known names if they are few. */
export function suggestion(name: string, known: Iterable<string>): string {
  const all = [...known];
  const near = didYouMean(name, all);
  if (near !== '') return near;
  return all.length > 0 && all.length <= 12 ? ` (known here: ${all.join(', ')})` : '';
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** The number of insertions, deletions, replacements and swaps of neighbours between two texts. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
