import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Metadata } from '@grpc/grpc-js';
import type { Proposed } from '../messages.js';
import type { Action } from './access.js';
import type { ExpectedRevision, Filter } from './log.js';
import type { Answer, Refusal } from './responses.js';

/** The checks before a call. */
export interface Guard {
  /** Before each call and each append; independent of the stream. */
  refuse(call: { metadata: Metadata }): Refusal | undefined;
  permits(call: { metadata: Metadata }, action: Action, stream: string): Promise<boolean>;
}
/** Writes an append and answers as the server does. */
export type Written = (
  stream: string,
  expected: ExpectedRevision,
  events: readonly (Proposed & { json: boolean })[],
) => Promise<Answer>;

export function nameOf(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function expectedOf(options: streams.BatchAppendReq.Options | streams.AppendReq.Options): ExpectedRevision {
  if (options.hasNoStream()) return 'none';
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'exists';
  return Number('getStreamPosition' in options ? options.getStreamPosition() : options.getRevision());
}

export function proposedOf(
  message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
): Proposed & { json: boolean } {
  const metadata = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: metadata.get('type') ?? '',
    json: metadata.get('content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function filterOf(options: streams.ReadReq.Options): Filter | undefined {
  const filter = options.getFilter();
  if (!filter) return undefined;
  const expression = (filter.getStreamIdentifier() ??
    filter.getEventType()) as streams.ReadReq.Options.FilterOptions.Expression;
  const byName = filter.hasStreamIdentifier();
  const textOf = ({ stream, type }: { stream: string; type: string }): string => (byName ? stream : type);
  if (expression.getRegex()) {
    const pattern = new RegExp(expression.getRegex());
    return { matches: (entry) => pattern.test(textOf(entry)) };
  }
  const prefixes = expression.getPrefixList();
  return { matches: (entry) => prefixes.some((prefix) => textOf(entry).startsWith(prefix)) };
}
