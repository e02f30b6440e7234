import { explainLine, type LineExplanation } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Drawer, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../api/client.js';
import { type Cut, useCut } from '../api/cut.js';
import { money } from '../format/amounts.js';
import { date, periodName } from '../format/dates.js';
import { Answer } from '../screen/answer.js';
import { ExplanationTree } from './explanation-tree.js';
import { type Asked, useWhy } from './why.js';

/** A panel beside the page that explains a line down to each fact, its actor and its date. */
export function WhyPanel() {
  const { t } = useLingui();
  const { asked, ask } = useWhy();
  return (
    <Drawer
      opened={asked !== undefined}
      onClose={() => ask(undefined)}
      position="right"
      size="lg"
      title={t`Why this amount`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {asked === undefined ? null : <Explained asked={asked} />}
    </Drawer>
  );
}

function Explained({ asked }: { asked: Asked }) {
  const cut = useCut();
  const query = useExplanation(asked, cut);
  return (
    <Answer query={query} height={320}>
      {(explained) => <LineExplained explained={explained} />}
    </Answer>
  );
}

function useExplanation({ period, participant, line }: Asked, cut: Cut) {
  return useQuery({
    queryKey: ['line', period, participant, line, cut],
    queryFn: () => answerOf(explainLine({ path: { period, participant, line }, query: cut })),
  });
}

function LineExplained({ explained }: { explained: LineExplanation }) {
  const { line, explanation, differs, issued } = explained;
  return (
    <Stack gap="md">
      <Group justify="space-between" align="baseline">
        <Text fz={32} lh="40px" fw={700}>
          {money(line.payable, line.payableCurrency)}
        </Text>
        <Text size="sm" c="dimmed">
          {periodName(line.period)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {line.plan} {line.version}
        {line.component === '' ? '' : `, ${line.component}`}
        {line.record === null ? '' : `, ${line.record.source}:${line.record.id}`}, {date(line.date)}
      </Text>
      {explanation === null ? (
        <Text size="sm">{line.trace?.arithmetic ?? line.trace?.rule ?? ''}</Text>
      ) : (
        <ExplanationTree explanation={explanation} />
      )}
      {line.trace === null ? null : (
        <Text size="xs" c="dimmed">
          <Trans>
            Unrounded {line.trace.unrounded}; rounded {line.trace.rounding}.
          </Trans>
        </Text>
      )}
      {differs === null ? null : (
        <Text size="sm" className="warn">
          <Trans>
            An earlier engine issued this line; this one computes other values of {differs.keys.join(', ')}. What was
            issued counts.
          </Trans>
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {issued === null ? <Trans>Preview: not issued yet.</Trans> : <Trans>Issued {date(issued)}.</Trans>}
      </Text>
    </Stack>
  );
}
