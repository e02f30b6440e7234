import type { Statement } from '@attain/client';
import { useLingui } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { useDifference } from '../../api/differences.js';
import { DifferenceBridge } from '../../explain/difference-bridge.js';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';

/** The last day that the API takes, so that everything recorded is known. */
const now = '2199-12-31';

/** What late facts have changed since the statement was issued; the next statement pays the difference. */
export function DifferenceCard({ statement }: { statement: Statement }) {
  const { t } = useLingui();
  const query = useDifference(statement.period, statement.participant, statement.cut.known, now);
  return (
    <Answer query={query} height={120}>
      {(difference) =>
        difference.causes.length === 0 ? (
          <Card title={t`Since it was issued`}>
            <Text size="sm" c="dimmed">{t`No late fact has changed this period.`}</Text>
          </Card>
        ) : (
          <DifferenceBridge difference={difference} before={statement.payable} />
        )
      }
    </Answer>
  );
}
