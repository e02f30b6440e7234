import type { Context } from '@attain/eventsourcing';
import type { Permission } from '@attain/service';

export interface FolderAsked {
  readonly import: string;
  readonly name: string;
  readonly overwrite: boolean;
  /** The context of every command: actor, reason, cause, and the one instant of the whole import. */
  readonly context: Context;
  readonly permissions: readonly Permission[];
}
export interface FolderWatch {
  readonly signal: AbortSignal;
  progress(done: number, total: number, doing: string): void;
  /** Stores that a step is finished, so that a resumed import does not repeat it. */
  done(step: string): Promise<void>;
}
