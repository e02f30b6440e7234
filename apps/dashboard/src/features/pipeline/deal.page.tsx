import { type Deal, getDeal, getDealTimeline, type TimelineEntry } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Group, Stack, Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { answerOf } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { money } from '../../format/amounts.js';
import { date } from '../../format/dates.js';
import { Answer } from '../../screen/answer.js';
import { Card, Figure } from '../../screen/card.js';
import { ExportLinks } from '../../screen/export-links.js';
import { OnlyToday } from '../../screen/only-today.js';
import { Screen } from '../../screen/screen.js';

/** What a deal is now, and every change that made it so. */
export function DealPage() {
  const { t } = useLingui();
  const { source = '', id = '' } = useParams({ strict: false });
  const deal = useQuery({ queryKey: ['deal', source, id], queryFn: () => answerOf(getDeal({ path: { source, id } })) });
  const timeline = useQuery({
    queryKey: ['deal', source, id, 'timeline'],
    queryFn: async () => (await answerOf(getDealTimeline({ path: { source, id } }))).rows,
  });
  return (
    <Screen title={t`Deal ${id}`}>
      <OnlyToday title={t`Deal ${id}`}>
        <Answer query={deal} height={120}>
          {(found) => <Facts deal={found} />}
        </Answer>
        <Answer query={timeline} height={320}>
          {(rows) => <Changes rows={rows} source={source} id={id} />}
        </Answer>
      </OnlyToday>
    </Screen>
  );
}

function Facts({ deal }: { deal: Deal }) {
  const { t } = useLingui();
  const name = useNames();
  const { amount, currency, status, owner, account, product, stage, opened, closed, revenue, overlay } = deal;
  const shares = [...Object.entries(revenue), ...Object.entries(overlay)];
  return (
    <Stack gap="md">
      <div className="figures">
        <Figure label={t`Amount`} value={amount === null ? '–' : money(amount, currency)} note={product ?? undefined} />
        <Figure
          label={t`Status`}
          value={{ open: t`open`, won: t`won`, lost: t`lost` }[status]}
          note={stage ?? undefined}
        />
        <Figure
          label={t`Owner`}
          value={<Text fz={20}>{owner === null ? '–' : name(owner)}</Text>}
          note={account ?? undefined}
        />
        <Figure
          label={closed === null ? t`Opened` : t`Closed`}
          value={<Text fz={20}>{closed === null ? (opened === null ? '–' : date(opened)) : date(closed)}</Text>}
        />
      </div>
      {shares.length === 0 ? null : (
        <Card title={t`Shared by`}>
          {shares.map(([participant, share]) => (
            <Group key={participant} justify="space-between">
              <Text>{name(participant)}</Text>
              <Text>{share}</Text>
            </Group>
          ))}
        </Card>
      )}
    </Stack>
  );
}

function Changes({ rows, source, id }: { rows: readonly TimelineEntry[]; source: string; id: string }) {
  const { t } = useLingui();
  return (
    <Card title={t`What happened`}>
      <Timeline bulletSize={14} lineWidth={2}>
        {rows.map((entry) => (
          <Timeline.Item key={entry.event} title={entry.type}>
            <Text size="xs" c="dimmed">
              <Trans>
                {date(entry.at)}, {entry.actor}
              </Trans>
              {entry.reason === null ? '' : `: ${entry.reason}`}
            </Text>
            {entry.changes.map(({ field, before, after }) => (
              <Text size="sm" key={field}>
                {field}: {before ?? '–'} → {after ?? '–'}
              </Text>
            ))}
          </Timeline.Item>
        ))}
      </Timeline>
      <ExportLinks
        label={t`What happened`}
        exported={{ path: `/deals/${encodeURIComponent(source)}/${encodeURIComponent(id)}/timeline` }}
      />
    </Card>
  );
}
