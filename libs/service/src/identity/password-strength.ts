import { Malformed } from '../problem.js';

/** The score of zxcvbn from 0 to 4: at 3 it takes 10^8 guesses, more than the sign-in limit allows. */
const LEAST = 3;
/**
 * Only this many characters are examined, because the cost grows faster than the length: 64 zeros take most of a
 * second.
 */
const LOOKED_AT = 32;
// A part of the user's name this short occurs in words by chance.
const SHORTEST_PART = 4;

type Check = (password: string, own: string[]) => { score: number };
let loading: Promise<Check> | undefined;

/**
 * Throws Malformed for a password that can be guessed from lists of leaked and common passwords, names, keyboard rows,
 * or the user's name.
 */
export async function refuseGuessable(field: string, password: string, own: readonly string[]): Promise<void> {
  const plain = password.normalize('NFKC').toLowerCase();
  const parts = [...own, ...own.flatMap((name) => name.split(/[^\p{L}\p{N}]+/u))]
    .map((part) => part.toLowerCase())
    .filter((part) => part.length >= SHORTEST_PART);
  const named = own.some((name) => name.length >= SHORTEST_PART && plain.includes(name.toLowerCase()));
  if (named)
    throw new Malformed([
      { field, message: 'contains the name of the user; choose another password', code: 'PASSWORD_GUESSABLE' },
    ]);
  const check = await (loading ??= load());
  if (check(password.slice(0, LOOKED_AT), ['attain', ...parts]).score >= LEAST) return;
  throw new Malformed([
    {
      field,
      message: 'is common or easily guessed; choose a longer one, such as several words that do not belong together',
      code: 'PASSWORD_GUESSABLE',
    },
  ]);
}

/** Loaded on demand, because the lists are large and most processes never need them. */
async function load(): Promise<Check> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
  });
  return (password, own) => zxcvbn.check(password, own);
}
