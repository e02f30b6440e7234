interface BulletProps {
  /** A ratio to the quota: 1 is the quota. */
  attained: number;
  /** A ratio that is due by now, where it is known. */
  due?: number | undefined;
  /** Where tiers begin, as ratios. */
  ticks?: readonly number[];
  label: string;
}

/** Attainment against quota and against what is due; ticks are the tiers. */
export function Bullet({ attained, due, ticks = [1], label }: BulletProps) {
  const end = Math.max(1.1, attained * 1.05, ...ticks.map((tick) => tick * 1.05));
  const at = (ratio: number): string => `${Math.min(100, Math.max(0, (ratio / end) * 100))}%`;
  return (
    <svg width="100%" height="24" role="img" aria-label={label}>
      <rect x="0" y="4" width="100%" height="16" rx="3" fill="var(--attain-band)" />
      <rect x="0" y="4" width={at(attained)} height="16" rx="3" fill="var(--attain-up)" />
      {ticks.map((tick) => (
        <rect key={tick} x={at(tick)} y="0" width="2" height="24" fill="var(--mantine-color-text)" />
      ))}
      {due === undefined ? null : <rect x={at(due)} y="8" width="3" height="8" fill="var(--attain-down)" />}
    </svg>
  );
}
