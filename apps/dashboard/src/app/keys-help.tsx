import { Trans, useLingui } from '@lingui/react/macro';
import { Kbd, Modal, Switch, Table } from '@mantine/core';
import { useState } from 'react';
import { areKeysOn, switchKeys } from '../screen/keys.js';
import type { Place } from './navigation.js';

/** Lists every key, and switches single keys off. */
export function KeysHelp({ places, close }: { places: readonly Place[]; close: () => void }) {
  const { t } = useLingui();
  const [on, setOn] = useState(areKeysOn);
  const keys: readonly (readonly [string, string])[] = [
    ['Ctrl+K', t`Go to a screen or a period`],
    ['j', t`Next row of the table`],
    ['k', t`Row before`],
    ['Enter', t`Open the reasons or the link of the row`],
    ['t', t`Choose the instant that the page shows`],
    ['[', t`Period before`],
    [']', t`Next period`],
    ['?', t`Show these keys`],
    ...places.map(({ key, title }) => [`g ${key}`, t`Go to ${title}`] as const),
  ];
  return (
    <Modal opened onClose={close} title={t`Keys`} closeButtonProps={{ 'aria-label': t`Close` }}>
      <Switch
        mb="sm"
        label={t`Single keys`}
        description={t`Off, only Ctrl+K and Enter on a button or link work; Ctrl+K also opens this list.`}
        checked={on}
        onChange={({ currentTarget }) => {
          switchKeys(currentTarget.checked);
          setOn(currentTarget.checked);
        }}
      />
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>Key</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Effect</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map(([key, does]) => (
            <Table.Tr key={key}>
              <Table.Td>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
