import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKafkaUrl } from './url.js';

const directory = mkdtempSync(join(tmpdir(), 'attain-kafka-url-'));
const ca = join(directory, 'ca.pem');
writeFileSync(ca, 'a certificate');
afterAll(() => rmSync(directory, { recursive: true }));

describe('A Kafka URL', () => {
  it('needs no more than a broker', () => {
    expect(parseKafkaUrl('kafka://localhost:9092')).toEqual({
      brokers: ['localhost:9092'],
      prefix: 'attain',
      partitions: 4,
      replication: 1,
      compression: 'gzip',
      ssl: false,
      sasl: undefined,
      encrypted: false,
    });
  });

  it('names several brokers, the prefix and the settings of new topics', () => {
    expect(
      parseKafkaUrl(
        'kafka://a.example:9092,10.0.0.7:9093,[::1]:9094/acme.prod?partitions=12&replication=3&compression=none',
      ),
    ).toMatchObject({
      brokers: ['a.example:9092', '10.0.0.7:9093', '[::1]:9094'],
      prefix: 'acme.prod',
      partitions: 12,
      replication: 3,
      compression: 'none',
    });
  });

  it('names TLS with its own CA, and the user', () => {
    expect(
      parseKafkaUrl(`kafka://us%40er:p%3Aa%2Fss:w@broker:9094/?tls=true&ca=${ca}&sasl=scram-sha-512`),
    ).toMatchObject({
      prefix: 'attain',
      ssl: { ca: 'a certificate' },
      sasl: { mechanism: 'scram-sha-512', username: 'us@er', password: 'p:a/ss:w' },
      encrypted: true,
    });
    expect(parseKafkaUrl('kafka://broker:9094?tls=true')).toMatchObject({ ssl: true, encrypted: true });
  });

  it.each([
    ['kafka:', 'expected kafka://'],
    ['amqp://localhost:5672', 'expected kafka://'],
    ['kafka://localhost', 'host:port'],
    ['kafka://localhost:0', 'host:port'],
    ['kafka://localhost:65536', 'host:port'],
    ['kafka://localhost:9092,', 'host:port'],
    ['kafka://a b:9092', 'host:port'],
    ['kafka://localhost:9092/.', 'prefix'],
    ['kafka://localhost:9092/a/b', 'prefix'],
    ['kafka://localhost:9092/?partition=8', 'unknown parameter partition; known are partitions,'],
    ['kafka://localhost:9092/?partitions=0', 'partitions must be a whole number from 1 to 1000'],
    ['kafka://localhost:9092/?partitions=4.5', 'partitions must be a whole number'],
    ['kafka://localhost:9092/?partitions=4&partitions=8', 'appears twice'],
    ['kafka://localhost:9092/?replication=-1', 'replication must be a whole number'],
    ['kafka://localhost:9092/?tls=yes', 'tls must be one of true, false'],
    ['kafka://localhost:9092/?ca=/tmp/x', 'ca needs tls=true'],
    ['kafka://localhost:9092/?tls=true&ca=/nowhere/ca.pem', 'ca /nowhere/ca.pem: ENOENT'],
    ['kafka://localhost:9092/?sasl=plain', 'needs user:password@'],
    ['kafka://u:p@localhost:9092/?sasl=gssapi', 'sasl must be one of'],
    ['kafka://u:p@localhost:9092/', 'needs sasl='],
    ['kafka://u:%E0%A4@localhost:9092/?sasl=plain', 'percent-encoded'],
    ['kafka://localhost:9092/?compression=lz4', 'compression must be one of gzip, none'],
  ])('%s is refused', (url, message) => {
    expect(() => parseKafkaUrl(url)).toThrow(RangeError);
    expect(() => parseKafkaUrl(url)).toThrow(message);
  });

  it('keeps its password out of every refusal', () => {
    for (const rest of ['localhost', 'localhost:9092/a/b', 'localhost:9092/?x=1', 'localhost:9092'])
      expect(() => parseKafkaUrl(`kafka://user:s3cret@${rest}`)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('s3cret') }),
      );
  });
});
