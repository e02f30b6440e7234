import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { StoreFull, Transient } from '@attain/eventsourcing';
import { portError } from './errors.js';

const { MongoNetworkError, MongoServerError } = mongoose.mongo;
const withCode = (message: string, parts: object): Error => Object.assign(new Error(message), parts);

describe('An error of the driver', () => {
  it.each([
    ['a connection that was closed', new MongoNetworkError('connection 1 to 127.0.0.1:27017 closed')],
    [
      'a socket that was reset while it was written to',
      withCode('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' }),
    ],
    [
      'a socket that had ended',
      withCode('Cannot call write after a stream was destroyed', { code: 'ERR_STREAM_DESTROYED' }),
    ],
    ['a primary that steps down', new MongoServerError({ message: 'not primary', code: 10107 })],
  ])('of %s passes, and is tried again', (_, error) => {
    expect(portError(error)).toBeInstanceOf(Transient);
  });

  it('of a full disk is a full store', () => {
    expect(portError(new MongoServerError({ message: 'no space', code: 14031 }))).toBeInstanceOf(StoreFull);
  });

  it.each([
    ['a question that it does not understand', new MongoServerError({ message: 'unknown operator', code: 2 })],
    ['a mistake of ours', new TypeError('not a model’s name')],
  ])('of %s stays what it is', (_, error) => {
    expect(portError(error)).toBe(error);
  });
});
