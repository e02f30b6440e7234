import type { EventStore, ModelWriter } from './ports.js';
import { sealFor } from './standing.js';

const LONGEST_PAUSE = 5000;

export interface RelayPlaceParts {
  group: string;
  writer: Pick<ModelWriter, 'position' | 'commit'>;
  log: EventStore;
  /** The stored position at the start. */
  stored: bigint;
  onError?: (error: unknown) => void;
}

/**
 * Saves the position up to which everything is published, beside the publication of the next span. It saves only the newest
 * of several positions, and retries after each failure.
 */
export class RelayPlace {
  private wanted: bigint;
  private stored: bigint;
  private failed: unknown;
  private saving: Promise<void> | undefined;
  private stopping = false;
  private cutPause = (): void => undefined;

  constructor(private readonly parts: RelayPlaceParts) {
    this.stored = this.wanted = parts.stored;
  }

  /** Throws the error of the last attempt, so that a relay without a place does not publish ever further ahead of it. */
  check(): void {
    if (this.failed !== undefined) throw this.failed;
  }

  save(through: bigint): void {
    this.wanted = through;
    this.saving ??= this.run();
  }

  /** Resolves once the newest position is saved, or an attempt has failed. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.cutPause();
    await this.saving;
  }

  private async run(): Promise<void> {
    for (let failures = 0; this.stored < this.wanted;) {
      try {
        await this.attempt(failures > 0);
        failures = 0;
        this.failed = undefined;
      } catch (error) {
        failures += 1;
        this.failed = error;
        this.parts.onError?.(error);
        if (this.stopping) break;
        await this.pause(Math.min(LONGEST_PAUSE, 25 * 2 ** failures));
        if (this.stopping) break;
      }
    }
    this.saving = undefined;
  }

  /** Another relay may have stored its own position; all that precedes either of them is published. */
  private async attempt(again: boolean): Promise<void> {
    const { group, writer, log } = this.parts;
    const through = this.wanted;
    if (again) this.stored = await writer.position();
    if (this.stored >= through) return;
    const seal = await sealFor(group, through, log);
    await writer.commit({ after: this.stored, position: through, seal, documents: new Map() });
    this.stored = through;
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.cutPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
