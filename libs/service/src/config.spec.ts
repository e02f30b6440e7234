import { describe, expect, it } from '@jest/globals';
import { BadConfig, type Circumstances, masked, readConfig, type Setting } from './config.js';
import { checked } from './main.js';

const together: Circumstances = { topology: 'together', demo: false };
const read = (given: Partial<Record<Setting, string>>, circumstances = together) =>
  readConfig(given, {}, circumstances);
function errorsOf(given: Partial<Record<Setting, string>>, circumstances = together): string[] {
  try {
    read(given, circumstances);
  } catch (error) {
    if (error instanceof BadConfig) return error.errors.map(({ setting }) => setting);
    throw error;
  }
  return [];
}
const outside = { HOST: '0.0.0.0', PUBLIC_URL: 'https://attain.example' };
const engines = {
  EVENTS_URL: 'esdb://store:2113',
  BUS_URL: 'kafka://bus:9092',
  MODELS_URL: 'mongodb://models:27017/attain',
};

describe('the settings', () => {
  it('have defaults that a laptop can start with: embedded, on loopback', () => {
    expect(read({})).toMatchObject({
      EVENTS_URL: 'sqlite:.attain/data',
      BUS_URL: 'sqlite:.attain/data',
      MODELS_URL: 'sqlite:.attain/data',
      HOST: '127.0.0.1',
      PORT: 3000,
      LOG_LEVEL: 'info',
    });
  });

  it('come from the environment, unless options replace them', () => {
    const config = readConfig({ PORT: '4000' }, { PORT: '5000', HOST: 'localhost', PATH: '/bin' }, together);
    expect(config).toMatchObject({ PORT: 4000, HOST: 'localhost' });
  });

  it('are reported with all errors at once', () => {
    expect(
      errorsOf({
        PORT: '99999',
        LOG_LEVEL: 'loud',
        OIDC_ISSUER: 'not a url',
        EVENTS_URL: 'nowhere',
        HOST: '0.0.0.0',
        OIDC_ROLE_MAP: 'a=emperor',
      }).sort(),
    ).toEqual(['EVENTS_URL', 'HOST', 'LOG_LEVEL', 'OIDC_ISSUER', 'OIDC_ROLE_MAP', 'PORT', 'PUBLIC_URL']);
  });

  it('refuse embedded engines in one of several processes', () => {
    const apart: Circumstances = { topology: 'apart', demo: false };
    const ours = { ADMIN_SECRET: 'a secret of our own' };
    expect(errorsOf(ours, apart)).toEqual(['EVENTS_URL', 'BUS_URL', 'MODELS_URL']);
    expect(errorsOf({ ...ours, ...engines, MODELS_URL: 'memory:' }, apart)).toEqual(['MODELS_URL']);
    expect(errorsOf({ ...ours, ...engines }, apart)).toEqual([]);
    // Each process would create its own administrator with its own secret.
    expect(errorsOf(engines, apart)).toEqual(['ADMIN_SECRET']);
    // A relay and a guest have no sign-in.
    expect(errorsOf(engines, { ...apart, mute: true })).toEqual([]);
  });

  it.each(['127.0.0.1', '127.8.8.8', 'localhost', '::1', '[::1]'])('listen on %s without secrets', (HOST) => {
    expect(errorsOf({ HOST })).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '10.0.0.7', 'attain.example', '128.0.0.1', 'localhost.evil.example'])(
    'don’t listen on %s without real secrets and encryption',
    (HOST) => {
      expect(errorsOf({ HOST })).toEqual(['HOST', 'PUBLIC_URL']);
      expect(errorsOf({ HOST, PUBLIC_URL: 'http://attain.example', ADMIN_SECRET: 'a secret of our own' })).toEqual([
        'PUBLIC_URL',
      ]);
    },
  );

  it('listen inside a container whose port is published on loopback, the demo too', () => {
    const published = { HOST: '0.0.0.0', PUBLISHED_ON_LOOPBACK: 'yes' };
    expect(errorsOf(published)).toEqual([]);
    expect(errorsOf(published, { topology: 'together', demo: true })).toEqual([]);
    expect(errorsOf({ ...published, PUBLISHED_ON_LOOPBACK: 'no' })).toEqual(['HOST', 'PUBLIC_URL']);
    expect(errorsOf({ ...published, PUBLISHED_ON_LOOPBACK: 'true' })).toContain('PUBLISHED_ON_LOOPBACK');
  });

  it('listen anywhere with an admin secret or an identity provider', () => {
    expect(errorsOf({ ...outside, ADMIN_SECRET: 'a secret of our own' })).toEqual([]);
    expect(errorsOf({ ...outside, ADMIN_SECRET: 'short' })).toContain('ADMIN_SECRET');
    expect(errorsOf({ ...outside, OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'attain' })).toEqual([]);
  });

  it('never show the demo outside', () => {
    expect(errorsOf({ ...outside, ADMIN_SECRET: 'a secret of our own' }, { topology: 'together', demo: true })).toEqual(
      ['HOST'],
    );
  });

  it('pin the identity provider', () => {
    expect(errorsOf({ OIDC_ISSUER: 'https://id.example' })).toEqual(['OIDC_AUDIENCE']);
    expect(errorsOf({ OIDC_AUDIENCE: 'attain' })).toEqual(['OIDC_ISSUER']);
    expect(errorsOf({ OIDC_ISSUER: 'http://id.example', OIDC_AUDIENCE: 'attain' })).toEqual(['OIDC_ISSUER']);
    for (const algorithm of ['none', 'HS256', '']) {
      const given = {
        OIDC_ISSUER: 'https://id.example',
        OIDC_AUDIENCE: 'attain',
        OIDC_ALGORITHMS: `RS256,${algorithm}`,
      };
      expect(errorsOf(given)).not.toEqual([]);
    }
  });

  it('can be printed: secrets and the passwords of addresses are masked', () => {
    const config = read({
      ...engines,
      EVENTS_URL: 'esdb://writer:p4ss/@word@store:2113',
      BUS_URL: 'kafka://bus?sasl.password=p4ss&acks=all',
      ADMIN_SECRET: 'a secret of our own',
    });
    const printed = JSON.stringify(masked(config));
    expect(printed).not.toMatch(/p4ss|word@|secret of/);
    expect(printed).toContain('esdb://writer:***@store:2113');
    expect(printed).toContain('kafka://bus?sasl.password=***&acks=all');
  });

  it('can be checked without starting anything', () => {
    const options = { name: 'planning', environment: { ...engines, ADMIN_SECRET: 'a secret of our own' } };
    expect(JSON.parse(checked(options))).toMatchObject({ ...engines, ADMIN_SECRET: '***' });
    expect(() => checked({ name: 'planning', environment: {} })).toThrow(BadConfig);
  });

  it('name proxies by address or subnet, and hosts without ports', () => {
    expect(
      read({ TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,fd00::/8,192.0.2.1', HOSTS: 'a.example,[::1]' }),
    ).toMatchObject({
      TRUSTED_PROXIES: ['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.1'],
      HOSTS: ['a.example', '[::1]'],
    });
    expect(read({})).toMatchObject({ TRUSTED_PROXIES: [], HOSTS: [] });
    for (const TRUSTED_PROXIES of [
      'yes',
      'true',
      '1',
      'proxy.example',
      '10.0.0.0/33',
      '0.0.0.0/0',
      '10.0.0.0/8/8',
      'loopback,',
    ])
      expect(errorsOf({ TRUSTED_PROXIES })).toEqual(['TRUSTED_PROXIES']);
    for (const HOSTS of ['*', 'a.example:80', 'https://a.example', 'a b', 'a,'])
      expect(errorsOf({ HOSTS })).toEqual(['HOSTS']);
  });
});
