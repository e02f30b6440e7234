/** Rules as values: commands in, events out. No clock, no await, no framework. */
export interface Decider<State, Command, Event extends { type: string; data: unknown }> {
  readonly category: string;
  readonly initial: State;
  /** The resulting events, none if nothing would change; throws Refused. */
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
  /** The people whose pay a change of the stream affects; nobody when absent. Only commands whose context names `self` use it. */
  concerned?(change: { readonly id: string; readonly before: State; readonly after: State }): Iterable<string>;
}

/** The request is valid but not allowed; `code` is for programs (409). */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly code: string,
    message: string,
    readonly detail?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}
