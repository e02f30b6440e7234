import { i18n } from '@lingui/core';

/** Intl formats decimal strings exactly, but its TypeScript types do not allow them yet. */
function exactly(format: Intl.NumberFormat, decimal: string): string {
  return format.format(decimal as `${number}`);
}

const formats = new Map<string, Intl.NumberFormat>();
function formatOf(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${i18n.locale}${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(i18n.locale || 'en', options)));
  return format;
}

const isCurrency = /^[A-Z]{3}$/;

/** Money with its currency, or a quantity with the name of its unit: $7,327.62, 12 points. Shows every digit that the server sent. */
export function money(decimal: string, unit: string | null): string {
  if (unit === null) return quantity(decimal);
  if (!isCurrency.test(unit)) return `${quantity(decimal)} ${unit}`;
  const digits = decimal.split('.')[1]?.length ?? 0;
  const least = formatOf({ style: 'currency', currency: unit }).resolvedOptions().minimumFractionDigits ?? 2;
  return exactly(
    formatOf({
      style: 'currency',
      currency: unit,
      minimumFractionDigits: least,
      maximumFractionDigits: Math.max(least, digits),
    }),
    decimal,
  );
}

/** The same with a sign, for differences. */
export function signedMoney(decimal: string, unit: string | null): string {
  return isNegative(decimal) ? money(decimal, unit) : `+${money(decimal, unit)}`;
}

export function quantity(decimal: string): string {
  return exactly(formatOf({ maximumFractionDigits: 20 }), decimal);
}

/** A ratio of 0.985306 as 98.5 %. */
export function percent(ratio: string, digits = 1): string {
  return exactly(formatOf({ style: 'percent', maximumFractionDigits: digits }), ratio);
}

/** For axes of charts, such as 340K; the table behind has the exact figure. */
export function compact(value: number): string {
  return formatOf({ notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

export function isNegative(decimal: string): boolean {
  return decimal.startsWith('-');
}

export function isZero(decimal: string): boolean {
  return /^-?0*(\.0*)?$/.test(decimal);
}
