import { useLingui } from '@lingui/react/macro';
import { Combobox, Modal, TextInput, useCombobox } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { usePeriods } from '../api/periods.js';
import { periodName } from '../format/dates.js';
import type { Place } from './navigation.js';

interface PaletteProps {
  places: readonly Place[];
  opened: boolean;
  close: () => void;
  /** Opens the list of keys. */
  help: () => void;
}

/** Every screen and the statements of each period, a few letters away. */
export function Palette({ places, opened, close, help }: PaletteProps) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={close} title={t`Go to`} closeButtonProps={{ 'aria-label': t`Close` }}>
      {opened ? <Choices places={places} close={close} help={help} /> : null}
    </Modal>
  );
}

interface Choice {
  value: string;
  title: string;
  go: () => void;
}

function Choices({ places, close, help }: Omit<PaletteProps, 'opened'>) {
  const { t } = useLingui();
  const [text, setText] = useState('');
  const choices = useChoices(places, close, help);
  const words = text.toLowerCase().split(/\s+/);
  const fitting = choices.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word))).slice(0, 12);
  const combobox = useCombobox({ opened: true });
  return (
    <Combobox store={combobox} onOptionSubmit={(value) => choices.find((choice) => choice.value === value)?.go()}>
      <Combobox.EventsTarget>
        <TextInput
          data-autofocus
          aria-label={t`Screen or period`}
          placeholder={t`Screen or period`}
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            combobox.selectFirstOption();
          }}
        />
      </Combobox.EventsTarget>
      <Combobox.Options mt="xs">
        {fitting.map(({ value, title }) => (
          <Combobox.Option key={value} value={value}>
            {title}
          </Combobox.Option>
        ))}
      </Combobox.Options>
    </Combobox>
  );
}

function useChoices(places: readonly Place[], close: () => void, help: () => void): readonly Choice[] {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { data: periods = [] } = usePeriods();
  return useMemo(() => {
    const screens = places.map(({ to, title }) => ({
      value: to,
      title,
      go: () => {
        close();
        void navigate({ to });
      },
    }));
    const statements = places.some(({ to }) => to === '/statements')
      ? periods.toReversed().map(({ name }) => ({
          value: `/statements?period=${name}`,
          title: t`Statements ${periodName(name)}`,
          go: () => {
            close();
            void navigate({ to: '/statements', search: { period: name } });
          },
        }))
      : [];
    const keys = {
      value: '?',
      title: t`Keys`,
      go: () => {
        close();
        help();
      },
    };
    return [...screens, keys, ...statements];
  }, [places, periods, close, help, navigate, t]);
}
