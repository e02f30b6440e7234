import { compareBytes, Exact, minorDigits } from '@attain/values';

/** `1 deal`, `3 deals`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `ann, bob and 4 others`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= most)
    return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${names.slice(0, most).join(', ')} and ${counted(names.length - most, 'other')}`;
}

export function quoted(name: string): string {
  return JSON.stringify(name);
}

/** `12,500.00 EUR`, of major units. */
export function moneyWords(amount: Exact, currency: string): string {
  return `${grouped(amount.toDecimal(minorDigits(currency), 'half-up'))} ${currency}`;
}

/** A plain number without trailing zeros. */
export function numberWords(amount: Exact): string {
  const text = amount.toDecimal(6, 'half-up');
  return grouped(text.includes('.') ? text.replace(/\.?0+$/, '') : text);
}

function grouped(text: string): string {
  return text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}

/** Amounts by currency. */
export class Sums {
  private readonly sums = new Map<string, Exact>();

  add(amount: Exact | null, currency: string): void {
    if (amount !== null) this.sums.set(currency, (this.sums.get(currency) ?? Exact.zero).plus(amount));
  }

  /** `52,000.00 USD and 12.00 EUR`. */
  words(): string {
    return listed(
      [...this.sums].sort(([a], [b]) => compareBytes(a, b)).map(([currency, sum]) => moneyWords(sum, currency)),
      4,
    );
  }
}
