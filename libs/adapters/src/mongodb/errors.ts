import { types } from 'node:util';
import mongoose from 'mongoose';
import { StoreFull, Transient } from '@attain/eventsourcing';

const { MongoError, MongoNetworkError, MongoServerSelectionError, MongoBulkWriteError } = mongoose.mongo;
export const DUPLICATE_KEY = 11000;
const OUT_OF_DISK_SPACE = 14031;
/** No primary, a node that steps down or starts, a time limit, a majority that did not answer, a cursor or plan that ended with a node or an index. */
const PASSING = new Set([
  6, 7, 43, 50, 64, 89, 91, 100, 133, 134, 175, 189, 262, 317, 9001, 10107, 11600, 11602, 13435, 13436,
]);
const UNREACHED = [
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoExpiredSessionError',
  'MongooseServerSelectionError',
];

/** Converts the driver's error, after its own retries, to the port's. */
export function portError(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  const code = Number((error as { code?: unknown }).code ?? Number.NaN);
  if (code === OUT_OF_DISK_SPACE) return new StoreFull(`read models: ${error.message}`, { cause: error });
  const reached = !(
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    UNREACHED.includes(error.name) ||
    ofSocket(error)
  );
  const labelled =
    error instanceof MongoError &&
    (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('RetryableReadError'));
  const unconfirmed = error instanceof MongoBulkWriteError && error.result.getWriteConcernError() !== undefined;
  if (reached && !labelled && !unconfirmed && !PASSING.has(code)) return error;
  return new Transient(`read models: ${error.message}`, { cause: error });
}

/** The driver passes on the error of a socket write unchanged. */
function ofSocket(error: Error): boolean {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall !== undefined || /^ERR_(STREAM|SOCKET)_/.test(String(code));
}
