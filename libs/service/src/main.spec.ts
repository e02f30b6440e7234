import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { main } from './main.js';

const engines = {
  EVENTS_URL: 'esdb://store?tls=false',
  BUS_URL: 'kafka://bus',
  MODELS_URL: 'mongodb://models',
  ADMIN_SECRET: 'a secret of our own',
};

describe('a service as a program', () => {
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const complained = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  afterEach(() => {
    printed.mockClear();
    complained.mockClear();
    process.exitCode = 0;
  });

  it('prints its settings with --check-config and starts nothing', async () => {
    await main([], { name: 'planning', environment: engines }, ['--check-config']);
    expect(JSON.parse(String(printed.mock.calls[0]?.[0]))).toMatchObject({
      EVENTS_URL: engines.EVENTS_URL,
      ADMIN_SECRET: '***',
      PORT: 3000,
    });
    expect(process.exitCode ?? 0).toBe(0);
  });

  it.each([[['--check-config']], [[]]])(
    'ends with 2 and every error when its settings are wrong (%j)',
    async (args) => {
      await main([], { name: 'planning', environment: { PORT: 'x' } }, args);
      expect(process.exitCode).toBe(2);
      const [message] = complained.mock.calls[0] ?? [];
      expect(
        String(message)
          .split('\n')
          .map((line) => line.split(':')[0]),
      ).toEqual(['PORT', 'EVENTS_URL', 'BUS_URL', 'MODELS_URL', 'ADMIN_SECRET']);
      expect(printed).not.toHaveBeenCalled();
    },
  );

  it('ends with 2 when no adapter takes an address', async () => {
    await main([], { name: 'planning', environment: engines }, []);
    expect(process.exitCode).toBe(2);
    expect(String(complained.mock.calls[0]?.[0])).toContain('is another machine');
  });
});
