import { type EventStore, type ModelDeclaration, type ModelWriter, type ReadModels, Transient } from './ports.js';

/** What a model holds does not follow from this log: the log was restored, cut or exchanged. Only a rebuild of the model helps. */
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

/** Throws ForeignModel if the log lacks events that the model has seen. A model without a stored seal is judged by its position only. */
export async function checkStanding(
  group: string,
  writer: Pick<ModelWriter, 'position' | 'seal'>,
  store: EventStore,
): Promise<void> {
  const position = await writer.position();
  if (position === 0n) return;
  const seal = await writer.seal();
  const stands = await store.sealAt(position);
  if (stands === undefined || (seal !== undefined && stands !== seal))
    throw new ForeignModel(group, position, await store.head());
}

/** The seal that a model keeps with its position. A bus that is ahead of the log has carried what the log has lost, or the log is not read to its end yet. */
export async function sealFor(group: string, position: bigint, store: EventStore): Promise<string> {
  const seal = await store.sealAt(position);
  if (seal === undefined) throw new Transient(`${group} was told of position ${position}, where the log has no event`);
  return seal;
}

/** Forgets a model that the log does not explain; answers whether it was one. */
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
