import { Exact } from '@attain/values';

/** A value of a plan document as a person reads it: `9 %`, `5,000`, `5,000 per month`, “an expression”. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return joined(value.map(inWords));
  if (typeof value !== 'object' || value === null) return 'nothing';
  return mapping(value as Record<string, unknown>);
}

function text(value: string): string {
  if (/^-?\d+(\.\d+)?%$/.test(value)) return `${value.slice(0, -1)} %`;
  if (/^-?\d+(\.\d+)?$/.test(value)) return grouped(value);
  return /^[\w -]+$/.test(value) ? value : `“${value}”`;
}

function mapping({ per, ...others }: Record<string, unknown>): string {
  const parts = Object.entries(others).map(([key, value]) =>
    key === 'amount'
      ? inWords(value)
      : key === 'share'
        ? `${inWords(value)} of it`
        : `${spaced(key)} ${inWords(value)}`,
  );
  const [first, ...rest] = parts;
  return [per === undefined ? first : `${first ?? ''} per ${inWords(per)}`, ...rest].join(', ');
}

/** `termMonths` as two words. */
export function spaced(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function joined(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function grouped(number: string): string {
  const [whole = '', decimals] = number.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? separated : `${separated}.${decimals}`;
}

/** The direction in which a number changes; undefined if a value is no number, or the kinds differ. */
export function movement(from: unknown, to: unknown): 'rises' | 'falls' | undefined {
  const form = /^-?\d+(\.\d+)?(%?)$/;
  const [before, after] = [form.exec(String(from)), form.exec(String(to))];
  if (!before || !after || before[2] !== after[2]) return undefined;
  const order = Exact.parse(String(to)).compare(Exact.parse(String(from)));
  return order === 0 ? undefined : order > 0 ? 'rises' : 'falls';
}
