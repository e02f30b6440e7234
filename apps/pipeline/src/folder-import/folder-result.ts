import type { DocumentProblem } from '@attain/contracts';
import type { ImportResult } from '../imports/imports.js';
import type { KeptEntry } from './kept.js';

/** One part of a folder, which the service that owns it records. */
export interface FolderPart {
  readonly part: string;
  readonly service: 'planning' | 'incentives' | 'pipeline';
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** `refused`: nothing of it was recorded, because of `why`. */
  readonly state: 'done' | 'refused';
  readonly why: string | null;
  readonly changed: number;
  readonly unchanged: number;
  readonly retracted: number;
  readonly quarantined: number;
  readonly notRetracted: string | null;
}
/** The result of an import of a folder, so far or in all; files are named below the folder's name. */
export interface FolderImportResult {
  readonly import: string;
  readonly name: string;
  readonly reason: string;
  /** The instant at which all of it becomes known. */
  readonly recorded: string;
  /** From this position on, reads contain the whole import; null until the import is finished. */
  readonly position: string | null;
  readonly parts: readonly FolderPart[];
  /** Rows and documents that were not recorded: at most 1,000, of `problemsInAll`. */
  readonly problems: readonly DocumentProblem[];
  readonly problemsInAll: number;
  /** At most 1,000, of `keptInAll`. */
  readonly kept: readonly KeptEntry[];
  readonly keptInAll: number;
  /** Valid records in the exports that are probably mistakes. */
  readonly warnings: readonly (ImportResult['warnings'][number] & { readonly part: string })[];
}
const MOST_LISTED = 1000;

/** Collects the results of an import's parts; after a restart, it continues from the earlier results. */
export class FolderTally {
  private readonly parts: FolderPart[] = [];
  private problems: DocumentProblem[] = [];
  private problemsInAll = 0;
  private kept: KeptEntry[] = [];
  private keptInAll = 0;
  private readonly warnings: FolderImportResult['warnings'][number][] = [];

  constructor(
    private readonly about: Pick<FolderImportResult, 'import' | 'name' | 'reason' | 'recorded'>,
    before?: FolderImportResult,
  ) {
    if (!before) return;
    this.parts.push(...before.parts);
    this.problems.push(...before.problems);
    this.kept.push(...before.kept);
    this.warnings.push(...before.warnings);
    [this.problemsInAll, this.keptInAll] = [before.problemsInAll, before.keptInAll];
  }

  part(part: FolderPart): void {
    this.parts.push(part);
  }

  isRefused(part: string): boolean {
    return this.parts.some((one) => one.part === part && one.state === 'refused');
  }

  problem(...problems: readonly DocumentProblem[]): void {
    this.problemsInAll += problems.length;
    this.problems = [...this.problems, ...problems].slice(0, MOST_LISTED);
  }

  keep(entries: readonly KeptEntry[], inAll = entries.length): void {
    this.keptInAll += inAll;
    this.kept = [...this.kept, ...entries].slice(0, MOST_LISTED);
  }

  warn(part: string, warnings: ImportResult['warnings']): void {
    this.warnings.push(...warnings.map((warning) => ({ ...warning, part })));
  }

  result(position: string | null = null): FolderImportResult {
    const { parts, problems, problemsInAll, kept, keptInAll, warnings } = this;
    return {
      ...this.about,
      position,
      parts: [...parts],
      problems: [...problems],
      problemsInAll,
      kept: [...kept],
      keptInAll,
      warnings: [...warnings],
    };
  }
}
