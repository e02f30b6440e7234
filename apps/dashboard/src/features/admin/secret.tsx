import { Trans } from '@lingui/react/macro';
import { Alert, Button, Code, Group, Text } from '@mantine/core';

interface SecretProps {
  title: string;
  text: string;
  about: string;
  done: () => void;
}

/** A secret that the server does not have afterwards, so that it stays until the reader has taken it. */
export function Secret({ title, text, about, done }: SecretProps) {
  return (
    <Alert color="yellow" title={title} mb="sm">
      <Code block data-secret style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {text}
      </Code>
      <Text size="sm" my="xs">
        {about}
      </Text>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => void navigator.clipboard.writeText(text)}>
          <Trans>Copy</Trans>
        </Button>
        <Button size="xs" onClick={done}>
          <Trans>I have stored it</Trans>
        </Button>
      </Group>
    </Alert>
  );
}
