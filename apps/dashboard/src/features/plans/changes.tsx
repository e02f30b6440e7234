import { Trans, useLingui } from '@lingui/react/macro';
import { List, Text } from '@mantine/core';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { useDraftDiff } from './draft.js';

/** What the document changes in the version that it follows, in words. */
export function Changes({ text, isValid }: { text: string; isValid: boolean }) {
  const { t } = useLingui();
  const query = useDraftDiff(text, isValid);
  if (query.data === undefined && !isValid) return null;
  return (
    <Card title={t`What changes`}>
      <Answer query={query} height={60}>
        {({ follows, sentences }) =>
          follows === null ? (
            <Text size="sm">
              <Trans>This is the first version of the plan.</Trans>
            </Text>
          ) : (
            <>
              <Text size="sm" c="dimmed">
                <Trans>Compared to version {follows}, which it follows</Trans>
              </Text>
              <Sentences sentences={sentences} />
            </>
          )
        }
      </Answer>
    </Card>
  );
}

export function Sentences({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0) {
    return (
      <Text size="sm">
        <Trans>Nothing changes.</Trans>
      </Text>
    );
  }
  return (
    <List size="sm">
      {sentences.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  );
}
