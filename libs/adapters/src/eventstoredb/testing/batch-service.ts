import shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import type { Proposed } from '../messages.js';
import type { Faults } from './faults.js';
import { type Limits, sizeOnDisk } from './limits.js';
import { type Guard, type Written, expectedOf, nameOf, proposedOf } from './requests.js';
import { type Refusal, batchError, batchResponse, batchTooLarge, refusalOf } from './responses.js';

type Call = Parameters<handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp>>[0];
interface Assembly {
  options: streams.BatchAppendReq.Options;
  events: (Proposed & { json: boolean })[];
  size: number;
  timer: NodeJS.Timeout;
}

/** The server's part of an append, behind a call. */
export interface BatchParts {
  guard: Guard;
  faults: Faults;
  limits: Limits;
  append: Written;
  /** Calls that have not ended. */
  open: Set<unknown>;
}

/** Streams.BatchAppend: many appends on one call, each assembled from the messages with its correlation. */
export function createBatchAppends(
  parts: BatchParts,
): handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp> {
  return (call: Call) => new BatchCall(call, parts).serve();
}

class BatchCall {
  private readonly assemblies = new Map<string, Assembly>();
  private ended = false;
  private closing = false;
  /** As the server counts: an answer to a rejected append decreases the count, although nothing increased it. */
  private pending = 0;
  /** Handles messages in sequence, without waiting for appends. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly call: Call,
    private readonly parts: BatchParts,
  ) {}

  serve(): void {
    const { call } = this;
    const { guard, open } = this.parts;
    open.add(call);
    call.on('close', () => open.delete(call));
    call.on('data', (request: streams.BatchAppendReq) => {
      const refused = guard.refuse(call);
      if (refused) return this.end(refused);
      this.inTurn(() => this.take(request));
    });
    call.on('end', () => this.inTurn(() => void (this.closing = true)));
    call.on('cancelled', () => {
      open.delete(call);
      this.assemblies.forEach((_, id) => this.drop(id));
    });
  }

  private inTurn(work: () => void | Promise<void>): void {
    this.turn = this.turn.then(work).catch((error: unknown) => this.end(refusalOf(error)));
  }

  private end(refused: Refusal): void {
    if (!this.ended) this.call.emit('error', refused);
    this.ended = true;
  }

  private answer(
    correlation: shared.UUID | undefined,
    options: streams.BatchAppendReq.Options,
    response: streams.BatchAppendResp,
  ): void {
    if (this.ended || this.call.cancelled) return;
    this.call.write(response.setCorrelationId(correlation).setStreamIdentifier(options.getStreamIdentifier()));
    this.pending -= 1;
    // A half-closed call ends with an answer, never without one.
    if (this.closing && this.pending >= 0) {
      this.ended = true;
      this.call.end();
    }
  }

  private giveUp(id: string): void {
    const options = this.assemblies.get(id)?.options;
    if (!this.assemblies.delete(id) || !options) return;
    this.answer(structured(id), options, batchError('Timeout'));
  }

  private begin(request: streams.BatchAppendReq, id: string): Assembly | undefined {
    const options = request.getOptions();
    if (!options || this.assemblies.has(id)) return this.assemblies.get(id);
    const timer = setTimeout(() => this.giveUp(id), this.parts.limits.assembly).unref();
    const assembly = { options, events: [], size: 0, timer };
    this.assemblies.set(id, assembly);
    return assembly;
  }

  private drop(id: string): void {
    clearTimeout(this.assemblies.get(id)?.timer);
    this.assemblies.delete(id);
  }

  private async take(request: streams.BatchAppendReq): Promise<void> {
    const correlation = request.getCorrelationId();
    const id = correlation?.getString() ?? '';
    const asked = request.getOptions();
    if (asked && !(await this.parts.guard.permits(this.call, 'write', nameOf(asked.getStreamIdentifier()))))
      return this.answer(correlation, asked, batchError('AccessDenied'));
    const assembly = this.begin(request, id);
    if (!assembly) return;
    const events = request.getProposedMessagesList().map(proposedOf);
    assembly.events.push(...events);
    assembly.size += events.reduce((sum, event) => sum + sizeOnDisk(event), 0);
    if (assembly.size > this.parts.limits.append) {
      this.drop(id);
      return this.answer(correlation, assembly.options, batchTooLarge(this.parts.limits.append));
    }
    if (!request.getIsFinal()) return;
    if (this.parts.faults.lostMessages > 0) {
      this.parts.faults.lostMessages -= 1;
      return;
    }
    this.drop(id);
    this.pending += 1;
    const { options } = assembly;
    this.parts.append(nameOf(options.getStreamIdentifier()), expectedOf(options), assembly.events).then(
      (written) => this.answer(correlation, options, batchResponse(written)),
      (error: unknown) => this.end(refusalOf(error)),
    );
  }
}

/** The id as two numbers: only the answer of a timeout has this form. */
function structured(id: string): shared.UUID {
  const hex = id.replaceAll('-', '');
  const [most, least] = [hex.slice(0, 16), hex.slice(16)].map((part) =>
    String(BigInt.asIntN(64, BigInt(`0x${part}`))),
  ) as [string, string];
  return new shared.UUID().setStructured(
    new shared.UUID.Structured().setMostSignificantBits(most).setLeastSignificantBits(least),
  );
}
