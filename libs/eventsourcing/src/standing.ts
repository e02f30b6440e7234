import { type EventStore, type ModelDeclaration, type ModelWriter, type ReadModels, Transient } from './ports.js';

/** The model's contents do not follow from this log: the log was restored, cut or exchanged. Only a rebuild of the model helps. */
export class ForeignModel extends Error {
  override readonly name = 'ForeignModel';
  constructor(
    readonly group: string,
    readonly position: bigint,
    readonly head: bigint,
  ) {
    super(
      position > head
        ? `${group} holds events up to position ${position}, but the log ends at ${head}: a part of the log is lost`
        : `${group} holds events up to position ${position}, but the log has another event there: it was restored and has grown again, or it belongs to other models`,
    );
  }
}

/** Throws ForeignModel if the log lacks events of the model. For a model without a stored seal, only the position is compared. */
export async function checkStanding(
  group: string,
  writer: Pick<ModelWriter, 'position' | 'seal'>,
  store: EventStore,
): Promise<void> {
  const position = await writer.position();
  if (position === 0n) return;
  const seal = await writer.seal();
  const actual = await store.sealAt(position);
  if (actual === undefined || (seal !== undefined && actual !== seal))
    throw new ForeignModel(group, position, await store.head());
}

/** The seal to store with a model's position. If the bus is ahead of the log, the log has lost events, or was not yet read to its end. */
export async function sealFor(group: string, position: bigint, store: EventStore): Promise<string> {
  const seal = await store.sealAt(position);
  if (seal === undefined) throw new Transient(`${group} received position ${position}, where the log has no event`);
  return seal;
}

/** Forgets a model that does not match the log; returns whether it was foreign. */
export async function forgetStray(
  declaration: ModelDeclaration,
  models: ReadModels,
  store: EventStore,
): Promise<boolean> {
  try {
    await checkStanding(`${declaration.name}@${declaration.version}`, await models.writer(declaration), store);
    return false;
  } catch (error) {
    if (!(error instanceof ForeignModel)) throw error;
    await models.forget(declaration);
    return true;
  }
}
