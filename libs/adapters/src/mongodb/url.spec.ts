import { describe, expect, it } from '@jest/globals';
import { parseMongoUrl } from './url.js';

describe('A MongoDB URL', () => {
  it('names hosts and a database, attain where it names none', () => {
    expect(parseMongoUrl('mongodb://127.0.0.1:27018/pay')).toEqual({
      hosts: ['127.0.0.1:27018'],
      database: 'pay',
      encrypted: false,
    });
    expect(parseMongoUrl('mongodb://one,two:27018,[::1]:27019/?replicaSet=rs0')).toEqual({
      hosts: ['one:27017', 'two:27018', '[::1]:27019'],
      database: 'attain',
      encrypted: false,
    });
    expect(parseMongoUrl('mongodb://localhost')).toEqual({
      hosts: ['localhost:27017'],
      database: 'attain',
      encrypted: false,
    });
  });

  it('carries credentials, percent-encoded', () => {
    expect(parseMongoUrl('mongodb://ann:p%40ss%3A%2Fword@db/pay?authSource=admin').credentials).toEqual({
      username: 'ann',
      password: 'p@ss:/word',
    });
  });

  it('is encrypted with TLS, and with hosts from DNS unless it has tls=false', () => {
    const encrypted = (url: string): boolean => parseMongoUrl(url).encrypted;
    expect([
      encrypted('mongodb://db/?tls=true'),
      encrypted('mongodb://db/?ssl=true'),
      encrypted('mongodb://db/?tls=false'),
      encrypted('mongodb://db'),
    ]).toEqual([true, true, false, false]);
    expect([encrypted('mongodb+srv://db.example'), encrypted('mongodb+srv://db.example/?tls=false')]).toEqual([
      true,
      false,
    ]);
    expect(parseMongoUrl('mongodb+srv://db.example/pay').hosts).toEqual(['db.example']);
  });

  it('is rejected without its password if it is invalid', () => {
    const urls = [
      'mysql://u:secret@db/pay',
      'mongodb://',
      'mongodb:///pay',
      'mongodb://u:secret@db:0/pay',
      'mongodb://u:secret@db:70000',
      'mongodb://u:secret@db:x',
      'mongodb://u:secret@a,,b',
      'mongodb://u:secret@db/a.b',
      'mongodb://u:secret@db/a/b',
      'mongodb://u:secret@db/pay?tls=yes',
      'mongodb://u:secret@db/pay?tls=true&ssl=false',
      'mongodb://u:%ZZsecret@db/pay',
      'mongodb://secret@db/pay',
      'mongodb+srv://u:secret@a,b/pay',
      'mongodb+srv://u:secret@a:27017/pay',
    ];
    for (const url of urls) {
      const refusal = refusalOf(url);
      expect([url, refusal instanceof RangeError, String(refusal).includes('secret')]).toEqual([url, true, false]);
    }
  });
});

function refusalOf(url: string): unknown {
  try {
    return parseMongoUrl(url);
  } catch (error) {
    return error;
  }
}
