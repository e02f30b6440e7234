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

/** Streams.BatchAppend: many appends on one call, each put together of the messages that carry its correlation. */
export function createBatchAppends(
  guard: Guard,
  faults: Faults,
  limits: Limits,
  append: Written,
  open: Set<unknown>,
): handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp> {
  return (call: Call) => {
    const assemblies = new Map<string, Assembly>();
    open.add(call);
    call.on('close', () => open.delete(call));
    let ended = false;
    let closing = false;
    // As the server counts: an answer to a refused append is taken off, though none was counted for it.
    let pending = 0;

    function end(refused: Refusal): void {
      if (!ended) call.emit('error', refused);
      ended = true;
    }
    function answer(
      correlation: shared.UUID | undefined,
      options: streams.BatchAppendReq.Options,
      response: streams.BatchAppendResp,
    ): void {
      if (ended || call.cancelled) return;
      call.write(response.setCorrelationId(correlation).setStreamIdentifier(options.getStreamIdentifier()));
      pending -= 1;
      // A half-closed call ends with an answer, never without one.
      if (closing && pending >= 0) {
        ended = true;
        call.end();
      }
    }
    function giveUp(id: string): void {
      const options = assemblies.get(id)?.options;
      if (!assemblies.delete(id) || !options) return;
      answer(structured(id), options, batchError('Timeout'));
    }
    function begin(request: streams.BatchAppendReq, id: string): Assembly | undefined {
      const options = request.getOptions();
      if (!options || assemblies.has(id)) return assemblies.get(id);
      const timer = setTimeout(() => giveUp(id), limits.assembly).unref();
      const assembly = { options, events: [], size: 0, timer };
      assemblies.set(id, assembly);
      return assembly;
    }
    function drop(id: string): void {
      clearTimeout(assemblies.get(id)?.timer);
      assemblies.delete(id);
    }

    async function take(request: streams.BatchAppendReq): Promise<void> {
      const correlation = request.getCorrelationId();
      const id = correlation?.getString() ?? '';
      const asked = request.getOptions();
      if (asked && !(await guard.permits(call, 'write', nameOf(asked.getStreamIdentifier()))))
        return answer(correlation, asked, batchError('AccessDenied'));
      const assembly = begin(request, id);
      if (!assembly) return;
      const events = request.getProposedMessagesList().map(proposedOf);
      assembly.events.push(...events);
      assembly.size += events.reduce((sum, event) => sum + sizeOnDisk(event), 0);
      if (assembly.size > limits.append) {
        drop(id);
        return answer(correlation, assembly.options, batchTooLarge(limits.append));
      }
      if (!request.getIsFinal()) return;
      if (faults.lostMessages > 0) {
        faults.lostMessages -= 1;
        return;
      }
      drop(id);
      pending += 1;
      const { options } = assembly;
      append(nameOf(options.getStreamIdentifier()), expectedOf(options), assembly.events).then(
        (told) => answer(correlation, options, batchResponse(told)),
        (error: unknown) => end(refusalOf(error)),
      );
    }
    // Messages are taken one after the other; appends are not waited for.
    let turn: Promise<void> = Promise.resolve();
    const inTurn = (work: () => void | Promise<void>): void =>
      void (turn = turn.then(work).catch((error: unknown) => end(refusalOf(error))));

    call.on('data', (request: streams.BatchAppendReq) => {
      const refused = guard.refuse(call);
      if (refused) return end(refused);
      inTurn(() => take(request));
    });
    call.on('end', () => inTurn(() => void (closing = true)));
    call.on('cancelled', () => {
      open.delete(call);
      assemblies.forEach((_, id) => drop(id));
    });
  };
}

/** The same id in two numbers: only a timeout is answered with one of these. */
function structured(id: string): shared.UUID {
  const hex = id.replaceAll('-', '');
  const [most, least] = [hex.slice(0, 16), hex.slice(16)].map((part) =>
    String(BigInt.asIntN(64, BigInt(`0x${part}`))),
  ) as [string, string];
  return new shared.UUID().setStructured(
    new shared.UUID.Structured().setMostSignificantBits(most).setLeastSignificantBits(least),
  );
}
