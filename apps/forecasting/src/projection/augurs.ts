import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AutoETS, initSync as initEts } from '@bsull/augurs/ets';
import { initSync as initMstl, MSTL } from '@bsull/augurs/mstl';
import type { Forecaster } from './back-test.rules.js';
import { seasonOf } from './series.rules.js';

/** No model of the family can be estimated from these values. */
export class NoModelFits extends Error {
  override readonly name = 'NoModelFits';
}

let loaded = false;

/** Loads the WebAssembly once; it is a file of the package, and Node has no fetch for files. */
function load(): void {
  if (loaded) return;
  const bytes = (model: string) =>
    readFileSync(fileURLToPath(import.meta.resolve(`@bsull/augurs/${model}`)).replace(/\.js$/, '_bg.wasm'));
  initEts({ module: bytes('ets') });
  initMstl({ module: bytes('mstl') });
  loaded = true;
}

/** Seasonal series by MSTL with a non-seasonal ETS trend, others by AutoETS. */
export function forecasterWith(seasons: readonly number[]): Forecaster {
  load();
  return (values, horizon, level) => {
    const season = seasonOf(values, seasons);
    const model = season === null ? new AutoETS(1, 'ZZN') : MSTL.ets([season]);
    try {
      model.fit([...values]);
      const { point, intervals } = model.predict(horizon, level);
      if (!intervals) throw new NoModelFits('the model gives no interval');
      return { point, lower: intervals.lower, upper: intervals.upper };
    } catch (error) {
      throw error instanceof NoModelFits ? error : new NoModelFits(String(error));
    } finally {
      model.free();
    }
  };
}

export function modelName(season: number | null): string {
  return season === null ? 'AutoETS' : `MSTL(${season}) + ETS`;
}
