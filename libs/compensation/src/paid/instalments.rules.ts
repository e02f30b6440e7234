/** Divides an amount into equal parts; the first parts receive the remaining cents. */
export function instalmentsOf(amount: bigint, count: number): readonly bigint[] {
  const sign = amount < 0n ? -1n : 1n;
  const size = amount * sign;
  const [part, rest] = [size / BigInt(count), size % BigInt(count)];
  return Array.from({ length: count }, (_, index) => sign * (part + (BigInt(index) < rest ? 1n : 0n)));
}
