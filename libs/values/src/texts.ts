/** The reason why a text cannot be an id. */
export type IdFault =
  | { readonly kind: 'empty' }
  | { readonly kind: 'long'; readonly limit: number }
  | { readonly kind: 'character'; readonly point: string; readonly at: number };

export const LONGEST_ID = 400;
// Control characters and halves of surrogate pairs; marks that change the direction of a text; invisible characters that make two ids differ.
const HIDDEN = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u200b\u2028\u2029\u2060\ufeff]/u;
const UNSTORABLE = /[\0\p{Cs}]/u;

/** One spelling of an id for every composition of its characters (NFC). */
export function idOf(text: string): string {
  return text.normalize('NFC');
}

/** The first fault of a text as an id, undefined if there is none; `at` counts characters from 1. */
export function idFault(text: string): IdFault | undefined {
  if (text === '') return { kind: 'empty' };
  if (text.length > LONGEST_ID) return { kind: 'long', limit: LONGEST_ID };
  return characterFault(text, HIDDEN);
}

/** The first character that no store accepts in any text: NUL, or half of a surrogate pair. */
export function textFault(text: string): (IdFault & { kind: 'character' }) | undefined {
  return characterFault(text, UNSTORABLE);
}

/** A fault in words that follow the name of the field. */
export function explainedFault(fault: IdFault): string {
  switch (fault.kind) {
    case 'empty':
      return 'expected an id, found nothing';
    case 'long':
      return `expected at most ${fault.limit} characters`;
    case 'character':
      return `cannot hold the character ${fault.point}, found at character ${fault.at}`;
  }
}

function characterFault(text: string, pattern: RegExp): (IdFault & { kind: 'character' }) | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const point = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return { kind: 'character', point: `U+${point}`, at: [...text.slice(0, found.index)].length + 1 };
}
