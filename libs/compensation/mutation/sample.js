import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CheckStatus } from '@stryker-mutator/api/check';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { identity } from './identity.js';

/** Chooses mutants: a share drawn by a seed, or those of a list. Stryker counts the others as not compiled, which are in no score. */
class Sample {
  static inject = tokens(commonTokens.options);

  constructor({ mutation: { seed, sample, again } }) {
    const listed = again && new Set(readFileSync(again, 'utf8').split('\n'));
    this.chooses = (mutant) => (listed ? listed.has(mutant) : chance(`${seed}\n${mutant}`) < sample);
  }

  async init() {}

  async check(mutants) {
    const passed = { status: CheckStatus.Passed };
    const left = { status: CheckStatus.CompileError, reason: 'not chosen' };
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, this.chooses(identity(mutant)) ? passed : left]));
  }
}

const chance = (text) => createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, 'sample', Sample)];
