/** Known behaviours of a real server, to switch on and off while the stand-in runs. */
export interface Faults {
  /** Answers every call with UNAVAILABLE, live subscriptions too. */
  unavailable: boolean;
  /** So many calls get "not the leader", with the leader's address. */
  notLeader: number;
  /** Port of the leader in that answer; the server's own when 0. */
  leader: number;
  /** De-duplication by event ids, which is best effort, misses. */
  forgetsIds: boolean;
  /** So many appends are written, and the call breaks before their answer. */
  lostAnswers: number;
  /** So many forward reads of `$all` end before their page is full. */
  shortReads: number;
  /** Milliseconds that each window of a filtered read or subscription takes. */
  slowScans: number;
  /** So many appends stay incomplete: each gets the timeout of its assembly. */
  lostMessages: number;
  /** As before 22.6: no positions on stream reads or for repeated appends, an append's position is its first event's, trailers report conflicts of Append. */
  older: boolean;
}

export function noFaults(): Faults {
  return {
    unavailable: false,
    notLeader: 0,
    leader: 0,
    forgetsIds: false,
    lostAnswers: 0,
    shortReads: 0,
    slowScans: 0,
    lostMessages: 0,
    older: false,
  };
}
