/** Writes an integer with `digits` digits after a decimal point: `('-5', 2)` is `-0.05`. */
export function decimalText(integer: string, digits: number): string {
  if (digits === 0) return integer;
  const negative = integer.startsWith('-');
  const padded = (negative ? integer.slice(1) : integer).padStart(digits + 1, '0');
  const cut = padded.length - digits;
  return `${negative ? '-' : ''}${padded.slice(0, cut)}.${padded.slice(cut)}`;
}
