import type { FormGuess } from './guesses.js';
import type { ColumnProfile } from './profile.rules.js';

const MOST_WORDS = 200;
const WON = /(?<!\p{L})(won|gewonnen|signed|booked|sold)(?!\p{L})/iu;
const LOST = /(?<!\p{L})(lost|verloren|disqualified|abandoned)(?!\p{L})/iu;
const NOT = /(?<!\p{L})(not|nicht|un)(?!\p{L})/iu;

export interface StatusGuess {
  readonly at: number;
  readonly status: { readonly from: string; readonly won?: readonly string[]; readonly lost?: readonly string[] };
  readonly form: FormGuess;
}

/** The column of few texts whose words most often mean that a deal is won or lost. */
export function statusGuess(profiles: readonly ColumnProfile[]): StatusGuess | undefined {
  let best: { at: number; rows: number; won: string[]; lost: string[] } | undefined;
  profiles.forEach((profile, at) => {
    const { texts } = profile;
    if (texts.length === 0 || texts.length > MOST_WORDS) return;
    const won = texts.filter((text) => WON.test(text) && !LOST.test(text) && !NOT.test(text));
    const lost = texts.filter((text) => LOST.test(text) && !WON.test(text) && !NOT.test(text));
    const rows = [...won, ...lost].reduce((sum, text) => sum + profile.countOf(text), 0);
    if (rows > (best?.rows ?? 0)) best = { at, rows, won, lost };
  });
  if (best === undefined) return undefined;
  const { at, won, lost } = best;
  const { header } = profiles[at]!;
  const open = profiles[at]!.texts.length - won.length - lost.length;
  const listed = (texts: readonly string[]) => texts.map((text) => JSON.stringify(text)).join(', ') || 'nothing';
  return {
    at,
    status: { from: header, ...(won.length > 0 && { won }), ...(lost.length > 0 && { lost }) },
    form: {
      key: 'status',
      value: header,
      verdict: won.length > 0 ? 'certain' : 'likely',
      reason: `${listed(won)} means won, ${listed(lost)} means lost, and ${open} other texts mean open`,
    },
  };
}
