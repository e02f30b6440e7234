import { describe, expect, it } from '@jest/globals';
import { parseEventStoreUrl } from './url.js';

const refusalOf = (url: string): string => {
  try {
    parseEventStoreUrl(url);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
  return 'none';
};

describe('A URL of EventStoreDB', () => {
  it('names hosts, and encrypts the connection unless it has tls=false', () => {
    expect(parseEventStoreUrl('esdb://127.0.0.1:2113?tls=false')).toEqual({
      connectionString: 'esdb://127.0.0.1:2113?tls=false',
      hosts: ['127.0.0.1'],
      encrypted: false,
    });
    expect(parseEventStoreUrl('esdb://a.example,b.example:2114')).toMatchObject({
      hosts: ['a.example', 'b.example'],
      encrypted: true,
    });
    expect(parseEventStoreUrl('esdb://a.example/?TLS=true&keep-alive-interval=10000')).toMatchObject({
      encrypted: true,
    });
  });

  it('may be one of KurrentDB, and of a name to discover a cluster by', () => {
    expect(parseEventStoreUrl('kurrentdb://u:p%40ss@db:2113?tls=true').connectionString).toBe(
      'esdb://u:p%40ss@db:2113?tls=true',
    );
    expect(parseEventStoreUrl('kurrentdb+discover://db.example').connectionString).toBe('esdb+discover://db.example');
    expect(parseEventStoreUrl('esdb+discover://db.example').hosts).toEqual(['db.example']);
  });

  it('is rejected with its fault', () => {
    expect(refusalOf('http://127.0.0.1:2113')).toMatch('expected esdb://');
    expect(refusalOf('esdb://')).toMatch('not a host');
    expect(refusalOf('esdb://db:0')).toMatch('not a host');
    expect(refusalOf('esdb://db:port')).toMatch('not a host');
    expect(refusalOf('esdb://db,?tls=false')).toMatch('not a host');
    expect(refusalOf('esdb://db?tls=no')).toMatch('tls is true or false');
    expect(refusalOf('esdb://db?tsl=false')).toMatch('unknown option: tsl');
    expect(refusalOf('esdb://db?tls')).toMatch('tls=VALUE');
    expect(refusalOf('esdb://db?tlsVerifyCert=false')).toMatch('tlsCAFile');
  });

  it('never repeats a password', () => {
    for (const url of [
      'esdb://ann:secret@',
      'esdb://ann:sec:ret@db',
      'esdb://annsecret@db',
      'esdb://ann:secret@db?x=1',
      'sdb://ann:secret@db',
    ]) {
      expect(refusalOf(url)).not.toBe('none');
      expect(refusalOf(url)).not.toMatch(/sec/);
    }
  });
});
