import type { LocalDate } from '@attain/values';
import { componentLines, componentNames } from '../earned/components.js';
import type { Lines } from '../earned/lines.js';
import { type Entry, isRecordFact } from '../facts/entries.js';
import type { Facts } from '../facts/facts.js';
import { Touches } from '../facts/touches.js';
import type { View } from '../facts/view.js';
import { World } from '../plans/world.js';
import type { PaysBy, ResolvedCut } from './candidates.js';
import { grouped, type Group, type GroupKey, type Groups, type Select } from './changes.js';

/** The lines of a component: only earned amounts, or also the held parts. */
export type LinesOf = typeof componentLines;

/** The lines of one component of a plan for a participant at one step. */
export interface Part {
  readonly plan: string;
  readonly component: string;
  readonly lines: Lines;
}

/**
 * A world at an older cut to which facts are applied one after another, with a participant's earnings in it. One world
 * serves all steps, so each step computes only the values that its facts touch.
 */
export class Unfolding {
  private readonly applied: Entry[] = [];
  private readonly steps = new Map<number, number>();
  private readonly world: World;
  private readonly worlds = new Map<number, World>();
  private readonly explained = new Map<string, Groups>();
  parts: ReadonlyMap<string, Part> = new Map();

  constructor(
    private readonly facts: Facts,
    private readonly older: ResolvedCut,
    private readonly newer: ResolvedCut,
    private readonly participant: string,
    readonly select: Select,
    readonly last: LocalDate,
    private readonly linesOf: LinesOf = componentLines,
    private readonly paysBy: PaysBy = () => true,
  ) {
    const { applied } = this;
    this.world = new World(
      facts,
      this.view(() => Infinity),
      new Touches((count) => applied.slice(count)),
    );
    this.parts = this.read(this.world, new Map());
  }

  /** The number of applied facts. */
  get step(): number {
    return this.applied.length;
  }

  apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const { fact } = entry;
      this.applied.push(entry);
      if (!this.steps.has(entry.at)) this.steps.set(entry.at, this.applied.length);
      this.world.touched.note(
        fact,
        isRecordFact(fact) ? this.facts.records.get(fact.stream) : undefined,
        this.applied.length,
      );
    }
    this.parts = this.read(this.world, this.parts);
  }

  /** The world at a step. */
  worldAt(step: number): World {
    let world = this.worlds.get(step);
    if (world === undefined)
      this.worlds.set(
        step,
        (world = new World(
          this.facts,
          this.view(() => step),
        )),
      );
    return world;
  }

  /** The amount of a component for a record of a period at a step, in the world of that step. */
  at(
    step: number,
    { plan, component }: Pick<Part, 'plan' | 'component'>,
    record: GroupKey,
    period: string,
  ): Group | undefined {
    const key = JSON.stringify([step, plan, component]);
    let groups = this.explained.get(key);
    if (groups === undefined) {
      const world = this.worldAt(step);
      const life = world.plans().find((one) => one.plan === plan);
      const lines =
        life === undefined ? [] : this.linesOf(world, this.participant, life, component).between(undefined, this.last);
      this.explained.set(key, (groups = grouped(lines, this.select)));
    }
    return groups.get(record)?.find((group) => group.period === period);
  }

  private view(upTo: () => number): View {
    const has = (at: number) => {
      const step = this.steps.get(at);
      return step !== undefined && step <= upTo();
    };
    return {
      position: this.older.position,
      before: this.older.effective,
      after: this.newer.effective,
      applied: { has },
      closing: this.newer.closing,
    };
  }

  private read(world: World, before: ReadonlyMap<string, Part>): Map<string, Part> {
    const parts = new Map<string, Part>();
    for (const life of world.plans().filter(this.paysBy)) {
      for (const component of componentNames(life)) {
        const key = JSON.stringify([life.plan, component]);
        const lines = this.linesOf(world, this.participant, life, component);
        const known = before.get(key);
        parts.set(key, known?.lines === lines ? known : { plan: life.plan, component, lines });
      }
    }
    return parts;
  }
}
