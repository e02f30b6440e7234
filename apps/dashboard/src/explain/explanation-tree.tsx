import type { Explanation } from '@attain/client';
import { Trans } from '@lingui/react/macro';
import { Group, Stack, Table, Text } from '@mantine/core';
import { money } from '../format/amounts.js';
import { date } from '../format/dates.js';

/** An amount in words, and below it the parts that sum to it. */
export function ExplanationTree({ explanation, depth = 0 }: { explanation: Explanation; depth?: number }) {
  const { sentence, amount, currency, rule, inputs = [], changed = [], ranking = [], from, parts } = explanation;
  return (
    <Stack gap={6} pl={depth === 0 ? 0 : 12} style={depth === 0 ? {} : { borderLeft: '2px solid var(--attain-band)' }}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
        <Text size="sm">{sentence}</Text>
        <Text size="sm" fw={600} className="amount">
          {money(amount, currency)}
        </Text>
      </Group>
      {rule === undefined ? null : (
        <Text size="xs" c="dimmed">
          {rule}
        </Text>
      )}
      {changed.length === 0 ? null : <BeforeAndAfter changed={changed} />}
      {ranking.length === 0 ? null : <Ranking ranking={ranking} />}
      {parts.map((part, index) => (
        <ExplanationTree key={index} explanation={part} depth={depth + 1} />
      ))}
      {inputs.length === 0 ? null : <Inputs inputs={inputs} />}
      {(from ?? []).map((source, index) => (
        <ExplanationTree key={index} explanation={source} depth={depth + 1} />
      ))}
    </Stack>
  );
}

function Inputs({ inputs }: { inputs: NonNullable<Explanation['inputs']> }) {
  return (
    <details>
      <summary>
        <Text size="xs" span>
          <Trans>From {inputs.length} facts</Trans>
        </Text>
      </summary>
      <div className="scroll">
        <Table fz="xs" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Fact</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Value</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Recorded</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {inputs.map(({ what, value, event, recorded, actor, reason }) => (
              <Table.Tr key={`${event} ${what}`}>
                <Table.Td>{what}</Table.Td>
                <Table.Td>{value}</Table.Td>
                <Table.Td>
                  {recorded === null ? '–' : date(recorded)}
                  {actor === null ? '' : `, ${actor}`}
                  {reason === null ? '' : `: ${reason}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </details>
  );
}

/** What a late fact changed: the value that the closing knew, and the value of now. */
function BeforeAndAfter({ changed }: { changed: NonNullable<Explanation['changed']> }) {
  return (
    <Table fz="xs" verticalSpacing={4} withTableBorder>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>
            <Trans>What changed</Trans>
          </Table.Th>
          <Table.Th>
            <Trans>Before</Trans>
          </Table.Th>
          <Table.Th>
            <Trans>After</Trans>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changed.map(({ what, before, after }) => (
          <Table.Tr key={what}>
            <Table.Td>{what}</Table.Td>
            <Table.Td>{before ?? '–'}</Table.Td>
            <Table.Td>{after ?? '–'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Ranking({ ranking }: { ranking: NonNullable<Explanation['ranking']> }) {
  return (
    <ol style={{ margin: 0 }}>
      {ranking.map(({ place, participants }) => (
        <li key={place} value={place}>
          <Text size="xs" span>
            {participants.join(', ')}
          </Text>
        </li>
      ))}
    </ol>
  );
}
