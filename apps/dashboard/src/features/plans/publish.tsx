import { type PlanCheck, publishPlan } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { mayAny, useCaller } from '../../api/session.js';
import { Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { blocksOf } from './draft.js';

interface PublishProps {
  text: string;
  /** Of this text; undefined while the server checks. */
  check: PlanCheck | undefined;
  published: () => void;
}

/** A problem or a failing example blocks the publishing, with its line. */
export function PublishCard({ text, check, published }: PublishProps) {
  const { t } = useLingui();
  const [reason, setReason] = useState('');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const session = useCaller();
  const publish = useMutation({
    mutationFn: () => answerOf(publishPlan({ body: { text, ...(reason.trim() !== '' && { reason: reason.trim() }) } })),
    async onSuccess({ plan, version }) {
      published();
      await queries.invalidateQueries({ queryKey: ['plans'] });
      await navigate({ to: '/plans/$plan/$version', params: { plan, version } });
    },
  });
  if (!mayAny(session, ['plan-author'])) {
    return (
      <Text size="sm" c="dimmed">
        <Trans>Only a plan author publishes a version. Copy the document to hand it over.</Trans>
      </Text>
    );
  }
  const [block, ...others] = check === undefined ? [] : blocksOf(check);
  return (
    <Card title={t`Publish`}>
      <Stack gap="sm" align="flex-start">
        {block === undefined ? null : (
          <Alert color="red" title={t`Line ${block.line} blocks the publishing`}>
            {block.message} {others.length === 0 ? null : <Trans>and {others.length} more</Trans>}
          </Alert>
        )}
        <TextInput
          label={t`Reason`}
          w="100%"
          maw={480}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Button
          disabled={check === undefined || block !== undefined}
          loading={publish.isPending}
          onClick={() => publish.mutate()}
        >
          <Trans>Publish this version</Trans>
        </Button>
        {publish.error === null ? null : <Refusal error={publish.error} />}
      </Stack>
    </Card>
  );
}
