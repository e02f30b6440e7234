import type { Context } from '@attain/eventsourcing';
import type { Permission } from '@attain/service';

export interface FolderAsked {
  readonly import: string;
  readonly name: string;
  readonly overwrite: boolean;
  /** Of every command: actor, reason, cause, and the one instant of the whole import. */
  readonly context: Context;
  readonly permissions: readonly Permission[];
}
export interface FolderWatch {
  readonly signal: AbortSignal;
  progress(done: number, total: number, doing: string): void;
  /** A step is done for good, and is not taken again when the import goes on. */
  done(step: string): Promise<void>;
}
