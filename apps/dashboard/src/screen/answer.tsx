import { Refused, Unreachable } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Skeleton, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';

interface AnswerProps<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'dataUpdatedAt'> & { refetch: () => unknown };
  /** Of the skeleton, so that nothing jumps when the answer comes. */
  height?: number;
  children: (data: T) => ReactNode;
}

/** The states of a request: loading, refused, stale, and the answer. */
export function Answer<T>({ query, height = 120, children }: AnswerProps<T>) {
  if (query.data === undefined) {
    if (query.error) return <Refusal error={query.error} retry={() => query.refetch()} />;
    return <Loading height={height} />;
  }
  return (
    <>
      {query.error ? <Stale at={query.dataUpdatedAt} retry={() => query.refetch()} /> : null}
      {children(query.data)}
    </>
  );
}

/** Appears after 150 ms, because most answers are there before. */
function Loading({ height }: { height: number }) {
  const { t } = useLingui();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return late ? (
    <Skeleton height={height} role="status" aria-label={t`Loading`} />
  ) : (
    <div style={{ minHeight: height }} role="status" aria-label={t`Loading`} />
  );
}

export function Refusal({ error, retry }: { error: Error; retry?: () => void }) {
  const { t } = useLingui();
  const refused = error instanceof Refused ? error : undefined;
  if (refused && (refused.status === 403 || refused.status === 404)) return <NoAccess />;
  return (
    <Alert
      color="red"
      title={error instanceof Unreachable ? t`The server did not answer` : t`The server refused the request`}
    >
      <Text size="sm">{error.message}</Text>
      {refused?.problem.errors?.map(({ field, message }) => (
        <Text size="sm" key={field}>
          {field}: {message}
        </Text>
      ))}
      {refused?.problem.correlation === undefined ? null : (
        <Text size="xs" c="dimmed">
          <Trans>Correlation id for support: {refused.problem.correlation}</Trans>
        </Text>
      )}
      {retry === undefined ? null : (
        <Button size="xs" variant="default" mt="xs" onClick={retry}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </Alert>
  );
}

/** One text for missing and hidden records, so that nobody learns which it is. */
export function NoAccess() {
  const { t } = useLingui();
  return (
    <Alert color="gray" title={t`Not found, or you don’t have access`}>
      <Trans>Ask an administrator for a role that sees it, or go back.</Trans>
    </Alert>
  );
}

function Stale({ at, retry }: { at: number; retry: () => void }) {
  const { i18n, t } = useLingui();
  const time = new Intl.DateTimeFormat(i18n.locale, { timeStyle: 'medium' }).format(at);
  return (
    <Alert color="yellow" title={t`These numbers are from ${time}`} mb="sm">
      <Trans>The server did not answer since.</Trans>{' '}
      <Button size="compact-xs" variant="default" onClick={retry}>
        <Trans>Try again</Trans>
      </Button>
    </Alert>
  );
}

/** Names the missing data and the next step. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <Text c="dimmed" py="sm">
      {children}
    </Text>
  );
}
