/** `after` − `before`, exactly: decimals as integers of their smallest digit. */
export function difference(before: string, after: string): string {
  const digits = Math.max(...[before, after].map((one) => one.split('.')[1]?.length ?? 0));
  const by = scaled(after, digits) - scaled(before, digits);
  const text = `${by < 0n ? -by : by}`.padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${by < 0n ? '-' : ''}${digits === 0 ? whole : `${whole}.${text.slice(-digits)}`}`;
}

function scaled(decimal: string, digits: number): bigint {
  const [whole = '0', part = ''] = decimal.split('.');
  return BigInt(whole + part.padEnd(digits, '0'));
}
