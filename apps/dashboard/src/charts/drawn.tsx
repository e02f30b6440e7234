import {
  Area,
  Bar,
  BarChart,
  Cell,
  ComposedChart,
  CartesianGrid,
  LabelList,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { compact } from '../format/amounts.js';

const tick = { fill: 'var(--mantine-color-dimmed)', fontSize: 12 };
const grid = <CartesianGrid vertical={false} stroke="var(--mantine-color-default-border)" />;
const tooltip = {
  contentStyle: {
    background: 'var(--mantine-color-body)',
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: 6,
  },
  itemStyle: { color: 'var(--mantine-color-text)' },
  cursor: { fill: 'var(--attain-surface)' },
};

export interface Step {
  name: string;
  point: number;
  lower: number;
  upper: number;
}

/** A forecast with its interval. */
export function Fan({ steps, shown }: { steps: readonly Step[]; shown: (value: number) => string }) {
  const data = steps.map(({ name, point, lower, upper }) => ({ name, point, interval: [lower, upper] }));
  return (
    <ResponsiveContainer width="100%" height={260}>
      <ComposedChart data={data} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
        {grid}
        <XAxis dataKey="name" tick={tick} tickLine={false} />
        <YAxis tick={tick} tickFormatter={compact} axisLine={false} tickLine={false} width={56} />
        <Tooltip
          {...tooltip}
          formatter={(value) =>
            Array.isArray(value) ? value.map((each) => shown(Number(each))).join(' – ') : shown(Number(value))
          }
        />
        <Area dataKey="interval" stroke="none" fill="var(--attain-band)" isAnimationActive={false} />
        <Line dataKey="point" stroke="var(--attain-up)" strokeWidth={2} dot={false} isAnimationActive={false} />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

export interface Cause {
  name: string;
  amount: number;
  label: string;
  /** A start or an end, drawn as a mark. */
  total?: boolean;
}

/** How one amount became another: the causes in between sum to the difference. */
export function Bridge({ causes }: { causes: readonly Cause[] }) {
  let level = 0;
  const data = causes.map(({ name, amount, label, total = false }) => {
    const from = total ? amount : level;
    const to = total ? amount : level + amount;
    level = to;
    return { name, label, span: [Math.min(from, to), Math.max(from, to)], total, down: amount < 0 };
  });
  const levels = data.flatMap(({ span }) => span);
  const room = Math.max(1, (Math.max(...levels) - Math.min(...levels)) * 0.2);
  return (
    <ResponsiveContainer width="100%" height={260}>
      <BarChart data={data} margin={{ top: 20, right: 8, bottom: 0, left: 0 }}>
        {grid}
        <XAxis dataKey="name" tick={tick} tickLine={false} />
        <YAxis
          tick={tick}
          tickFormatter={compact}
          axisLine={false}
          tickLine={false}
          width={56}
          domain={[Math.min(...levels) - room, Math.max(...levels) + room]}
        />
        <Bar dataKey="span" isAnimationActive={false} minPointSize={3}>
          {data.map(({ name, total, down }) => (
            <Cell
              key={name}
              fill={total ? 'var(--mantine-color-dimmed)' : down ? 'var(--attain-down)' : 'var(--attain-up)'}
            />
          ))}
          <LabelList dataKey="label" position="top" fill="var(--mantine-color-text)" fontSize={12} />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  );
}

export interface Ranked {
  name: string;
  value: number;
  label: string;
}

/** Bars from zero, the longest first. */
export function Bars({ rows }: { rows: readonly Ranked[] }) {
  return (
    <ResponsiveContainer width="100%" height={Math.max(120, rows.length * 32 + 20)}>
      <BarChart data={[...rows]} layout="vertical" margin={{ top: 0, right: 90, bottom: 0, left: 0 }}>
        <XAxis type="number" hide domain={[0, 'dataMax']} />
        <YAxis type="category" dataKey="name" tick={tick} axisLine={false} tickLine={false} width={150} />
        <Bar dataKey="value" fill="var(--attain-up)" isAnimationActive={false} barSize={16}>
          <LabelList dataKey="label" position="right" fill="var(--mantine-color-text)" fontSize={12} />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  );
}

export interface PayPoint {
  attained: number;
  pay: number;
}

interface PayLineProps {
  points: readonly PayPoint[];
  shownPay: (pay: number) => string;
  shownAttained: (attained: number) => string;
}

/** Pay by attainment; the quota is a line across. */
export function PayLine({ points, shownPay, shownAttained }: PayLineProps) {
  return (
    <ResponsiveContainer width="100%" height={300}>
      <LineChart data={[...points]} margin={{ top: 8, right: 16, bottom: 0, left: 0 }}>
        {grid}
        <XAxis
          dataKey="attained"
          type="number"
          domain={[0, 'dataMax']}
          tick={tick}
          tickLine={false}
          tickCount={9}
          tickFormatter={shownAttained}
        />
        <YAxis tick={tick} tickFormatter={compact} axisLine={false} tickLine={false} width={56} />
        <Tooltip
          {...tooltip}
          formatter={(value) => shownPay(Number(value))}
          labelFormatter={(attained) => shownAttained(Number(attained))}
        />
        <ReferenceLine x={1} stroke="var(--attain-rule)" strokeDasharray="4 4" />
        <Line dataKey="pay" stroke="var(--attain-up)" strokeWidth={2} dot={false} isAnimationActive={false} />
      </LineChart>
    </ResponsiveContainer>
  );
}
