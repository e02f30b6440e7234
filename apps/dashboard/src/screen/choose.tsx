import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import type { PeriodState } from '@attain/client';
import { periodName } from '../format/dates.js';
import { useKeys } from './keys.js';

interface ChoosePeriodProps {
  period: PeriodState | undefined;
  periods: readonly PeriodState[];
  choose: (name: string) => void;
}

export function ChoosePeriod({ period, periods, choose }: ChoosePeriodProps) {
  const { t } = useLingui();
  const here = periods.findIndex(({ name }) => name === period?.name);
  const go = (step: 1 | -1) => (): void => {
    const next = here < 0 ? undefined : periods[here + step];
    if (next !== undefined) choose(next.name);
  };
  useKeys({ '[': go(-1), ']': go(1) });
  return (
    <NativeSelect
      aria-label={t`Period`}
      value={period?.name ?? ''}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
      data={periods.toReversed().map(({ name, closed }) => ({
        value: name,
        label: closed === null ? periodName(name) : t`${periodName(name)}, closed`,
      }))}
    />
  );
}

interface ChooseProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  choose: (value: T) => void;
}

export function Choose<T extends string>({ label, value, options, choose }: ChooseProps<T>) {
  return (
    <NativeSelect
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => choose(currentTarget.value as T)}
      data={options.map((option) => ({ ...option }))}
    />
  );
}

interface ChooseMeasureProps {
  measure: string | undefined;
  measures: readonly string[];
  choose: (measure: string) => void;
}

export function ChooseMeasure({ measure, measures, choose }: ChooseMeasureProps) {
  const { t } = useLingui();
  return (
    <Choose
      label={t`Measure`}
      value={measure ?? ''}
      options={measures.map((each) => ({ value: each, label: each }))}
      choose={choose}
    />
  );
}
