import type { LeaveRow } from '@attain/contracts';
import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { byStream, statesOf, syncStreams, type StreamSync, type Synced, type SyncOptions } from '../sync.js';
import { type Leave, type LeaveCommand, leaveDecider, type LeaveKey } from './leave.decider.js';

@Injectable()
export class LeaveCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  record(leave: Leave, context: Context): Promise<Outcome> {
    return this.executor.execute(
      leaveDecider,
      leave.participant,
      { do: 'record', leave },
      { effective: leave.from, ...context },
    );
  }

  retract(leave: LeaveKey, context: Context): Promise<Outcome> {
    return this.executor.execute(
      leaveDecider,
      leave.participant,
      { do: 'retract', leave },
      { effective: leave.from, ...context },
    );
  }

  /** The leaves of an export, or those that a person enters (source null). Complete ones retract the other leaves of the source. */
  async sync(
    source: string | null,
    rows: readonly LeaveRow[],
    options: SyncOptions,
    context: Context,
  ): Promise<Synced> {
    const leaves = rows.map(({ participant, from, to }): Leave => ({ participant, source, from, to: to ?? null }));
    const known = await statesOf(this.store, leaveDecider);
    const ofSource = (participant: string) => (known.get(participant) ?? []).filter((leave) => leave.source === source);
    const files = byStream(leaves, ({ participant }) => participant);
    const streams = [...files].map(([participant, { at, rows: listed }]): StreamSync<LeaveCommand> => {
      const others = options.complete
        ? []
        : ofSource(participant).filter((leave) => !listed.some(({ from }) => from === leave.from));
      return { id: participant, at, command: { do: 'sync', source, leaves: [...others, ...listed] } };
    });
    if (options.complete) {
      for (const participant of known.keys()) {
        if (ofSource(participant).length > 0 && !files.has(participant))
          streams.push({ id: participant, at: undefined, command: { do: 'sync', source, leaves: [] } });
      }
    }
    return syncStreams(this.executor, leaveDecider, streams, context, {
      keep: options.keep,
      parts: { keyOf: ({ source: of, from }: LeaveKey) => `${of ?? ''} ${from}` },
    });
  }
}
