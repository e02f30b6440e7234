import { Trans, useLingui } from '@lingui/react/macro';
import { Text, Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Address } from '../api/cut.js';

interface Message {
  position: string;
  at: string;
  topics: readonly string[];
}

/** The first part of the key of each question, by the topics that may change its answer. */
const askedBy: Readonly<Record<string, readonly string[]>> = {
  deals: ['deals', 'deal', 'pipeline'],
  pay: ['statement', 'statements', 'line', 'tiers', 'estimate', 'difference'],
  attainment: ['attainment', 'leaderboard'],
  sales: ['sales'],
  forecast: ['forecast', 'board'],
  people: ['names', 'people'],
  plans: ['plans', 'plan'],
  periods: ['periods'],
  company: ['company'],
  imports: ['imports', 'quarantine'],
};
/** Milliseconds between two requests while no stream is open. */
const POLL = 30_000;
/** Milliseconds before a stream that the browser gave up is opened again. */
const AGAIN = 3_000;

/** Shows how fresh the numbers are, and fetches again those that an event may have changed. */
export function Live() {
  const { i18n } = useLingui();
  const { asOf, effective } = useSearch({ strict: false }) as Address;
  const isCut = asOf !== undefined || effective !== undefined;
  const { message, isLive } = useStream(isCut);
  // A cut of the past does not move.
  if (isCut) return null;
  const time =
    message === undefined
      ? '–'
      : new Intl.DateTimeFormat(i18n.locale, { timeStyle: 'medium' }).format(new Date(message.at));
  const position = message === undefined ? '–' : new Intl.NumberFormat(i18n.locale).format(BigInt(message.position));
  return (
    <Tooltip
      label={
        isLive ? (
          <Trans>
            Numbers from {time}, position {position}; they update by themselves
          </Trans>
        ) : (
          <Trans>No connection: the numbers are from {time}; the page asks again every 30 seconds</Trans>
        )
      }
    >
      <Text size="xs" c="dimmed" component="span" data-live={isLive} data-position={message?.position} tabIndex={0}>
        <span className={isLive ? 'good' : 'warn'} aria-hidden>
          ●
        </span>{' '}
        <Text span inherit visibleFrom="md">
          {isLive ? <Trans>Live, {time}</Trans> : <Trans>Not live, {time}</Trans>}
        </Text>
      </Text>
    </Tooltip>
  );
}

/** Follows the server's stream; while it is broken, everything is fetched every 30 seconds. */
function useStream(isCut: boolean): { message: Message | undefined; isLive: boolean } {
  const queries = useQueryClient();
  const [message, setMessage] = useState<Message>();
  const [isLive, setLive] = useState(false);
  const last = useRef<string>(undefined);
  useEffect(() => {
    if (isCut) return;
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const follow = (): void => {
      source = new EventSource(`/v1/live${last.current === undefined ? '' : `?after=${last.current}`}`);
      source.onopen = () => setLive(true);
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const news = JSON.parse(data) as Message;
        last.current = news.position;
        setMessage(news);
        const changed = new Set(news.topics.flatMap((topic) => askedBy[topic] ?? []));
        if (changed.size > 0)
          void queries.invalidateQueries({ predicate: ({ queryKey }) => changed.has(String(queryKey[0])) });
      };
      source.onerror = () => {
        setLive(false);
        // The browser gives up on an answer that is no stream, such as that of a gateway whose service restarts.
        if (source?.readyState !== EventSource.CLOSED) return;
        clearTimeout(again);
        again = setTimeout(follow, AGAIN);
        // A session that has ended is why a stream is refused.
        void queries.invalidateQueries({ queryKey: ['session'] });
      };
    };
    follow();
    return () => {
      clearTimeout(again);
      source?.close();
      setLive(false);
    };
  }, [queries, isCut]);
  useEffect(() => {
    if (isLive || isCut) return;
    const poll = setInterval(() => void queries.invalidateQueries(), POLL);
    return () => clearInterval(poll);
  }, [queries, isLive, isCut]);
  return { message, isLive };
}
