import type { PlanCheck } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Stack, Text } from '@mantine/core';
import { Card } from '../../screen/card.js';

interface CheckedProps {
  result: PlanCheck | undefined;
  /** False while the server checks what has been typed since. */
  isCurrent: boolean;
  /** Shows a line in the editor. */
  go: (line: number) => void;
}

/** The problems of the document and the results of its examples, each with its line. */
export function Checked({ result, isCurrent, go }: CheckedProps) {
  const { t } = useLingui();
  if (result === undefined) return null;
  const { problems, examples } = result;
  const failing = examples.filter(({ passed }) => !passed).length;
  const title =
    problems.length > 0
      ? t`${problems.length} problems`
      : failing > 0
        ? t`${failing} examples have another result`
        : examples.length > 0
          ? t`No problem, and ${examples.length} examples agree`
          : t`No problem, and no example`;
  return (
    <Card title={title}>
      <Stack gap="xs" aria-live="polite" aria-busy={!isCurrent}>
        {problems.map(({ line, column, path, message, proposal }, index) => (
          <Found key={index} line={line} column={column} go={go}>
            {path.length === 0 ? '' : `${path.join('.')}: `}
            {message}
            {proposal === null ? null : (
              <>
                {' '}
                <Trans>
                  Write <b>{proposal}</b>.
                </Trans>
              </>
            )}
          </Found>
        ))}
        {examples.map(({ name, passed, line, failures }) => (
          <div key={name}>
            <Text size="sm" className={passed ? 'good' : 'bad'}>
              {passed ? '✓' : '✗'} {name}
            </Text>
            {failures.map((failure) => (
              <Found key={failure.path.join('.')} line={failure.line ?? line} column={null} go={go}>
                {failure.path.slice(2).join('.')}:{' '}
                <Trans>
                  expected {failure.expected}, found {failure.actual}
                </Trans>
              </Found>
            ))}
          </div>
        ))}
        {isCurrent ? null : (
          <Text size="xs" c="dimmed">
            <Trans>The server checks your last change.</Trans>
          </Text>
        )}
      </Stack>
    </Card>
  );
}

interface FoundProps {
  line: number | null;
  column: number | null;
  go: (line: number) => void;
  children: React.ReactNode;
}

function Found({ line, column, go, children }: FoundProps) {
  const { t } = useLingui();
  return (
    <Group gap="xs" wrap="nowrap" align="baseline">
      {line === null ? null : (
        <Button size="compact-xs" variant="default" style={{ flexShrink: 0 }} onClick={() => go(line)}>
          {column === null ? t`Line ${line}` : t`Line ${line}, column ${column}`}
        </Button>
      )}
      <Text size="sm">{children}</Text>
    </Group>
  );
}
