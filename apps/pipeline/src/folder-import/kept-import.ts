import type { Document } from '@attain/eventsourcing';
import type { JobView } from '@attain/service';
import type { FolderImportResult } from './folder-result.js';
import type { FolderAsked } from './folder-asked.js';
import type { UploadedFile } from './folder-upload.js';

export interface KeptFile extends UploadedFile {
  /** Of the parcel `folder-IMPORT-PATH`. */
  readonly pieces: number;
}
/** The stored state of an import, which outlives its process. */
export interface FolderImport extends Document {
  readonly key: string;
  readonly name: string;
  readonly asked: FolderAsked;
  readonly state: JobView['state'];
  readonly started: string;
  readonly view: JobView | null;
  /** Until it is finished. */
  readonly files: readonly KeptFile[];
  /** The finished steps. */
  readonly steps: readonly string[];
  readonly result: FolderImportResult | null;
}
/** The last state of a job that another process ran. */
export function viewOf({ key, name, asked, state, started, view, result }: FolderImport): JobView {
  if (view) return view;
  const percent = state === 'finished' ? 100 : null;
  return {
    id: jobOf(key),
    kind: 'folder',
    title: `folder ${name}`,
    actor: asked.context.actor,
    state,
    done: 0,
    total: 0,
    percent,
    secondsLeft: null,
    doing: null,
    started,
    ended: started,
    result,
    problem: null,
  };
}

export const jobOf = (id: string): string => `folder-${id}`;
