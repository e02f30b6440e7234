import { globSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Script } from 'node:vm';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner';
import { sourceFile } from './identity.js';
import { loadSources, specBody } from './sources.js';
import { restoreSpies, Suite } from './suite.js';

/** Runs the specs inside one process: a mutant costs the tests that reach it, and no start of a test framework. */
class InProcess {
  static inject = tokens(commonTokens.options);
  #suite = new Suite();
  #specs = new Map();
  #times = new Map();

  constructor(options) {
    this.settings = options.mutation;
    this.state = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
  }

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    loadSources();
    const { default: fc } = await import('fast-check');
    // Nobody reads the smallest case that kills a mutant.
    fc.configureGlobal({ seed: this.settings.seed, endOnFailure: true });
    const { specs, without } = this.settings;
    const found = specs.flatMap((pattern) => globSync(pattern));
    const files = found.filter((file) => !without.includes(sourceFile(file))).sort(byCost);
    for (const file of files) this.#specs.set(file, await specBody(join(process.cwd(), file), this.#suite.testing()));
  }

  /** Each test alone in a fresh evaluation of its spec, because a value that an earlier test computed would hide what reaches it. */
  async dryRun() {
    const tests = [];
    for (const [file, body] of this.#specs) {
      for (const [index, { id }] of this.#tests(file, body).entries()) {
        const start = performance.now();
        this.state.currentTestId = id;
        const failureMessage = await failureOf(() => this.#tests(file, body)[index].run());
        this.state.currentTestId = undefined;
        const status = failureMessage === undefined ? TestStatus.Success : TestStatus.Failed;
        const timeSpentMs = performance.now() - start;
        this.#times.set(id, timeSpentMs);
        tests.push({ id, name: id, fileName: file, timeSpentMs, status, failureMessage });
      }
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.state.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    this.state.activeMutant = activeMutant.id;
    this.state.hitCount = hitLimit === undefined ? undefined : 0;
    this.state.hitLimit = hitLimit;
    const killer = await this.#killer(new Set(testFilter));
    this.state.activeMutant = undefined;
    const endless = determineHitLimitReached(this.state.hitCount, hitLimit);
    if (endless) return endless;
    if (killer?.failure === ENDLESS) return { status: MutantRunStatus.Timeout, reason: killer.id };
    const nrOfTests = testFilter?.length ?? 0;
    return killer === undefined
      ? { status: MutantRunStatus.Survived, nrOfTests }
      : { status: MutantRunStatus.Killed, killedBy: [killer.id], failureMessage: killer.failure, nrOfTests };
  }

  /** The first test that fails; each spec is evaluated once, under the mutant. */
  async #killer(wanted) {
    for (const [file, body] of this.#specs) {
      const first = [...wanted].find((id) => id.startsWith(`${sourceFile(file)} › `));
      if (first === undefined) continue;
      let tests = [];
      const broken = await failureOf(() => (tests = this.#tests(file, body)));
      if (broken !== undefined) return { id: first, failure: broken };
      for (const { id, run } of tests) {
        const failure = wanted.has(id) ? await failureOf(run, this.#limitOf(id)) : undefined;
        if (failure !== undefined) return { id, failure };
      }
    }
    return undefined;
  }

  /** A busy machine is slow, and no mutant; a loop without an end is twenty times slower. */
  #limitOf(id) {
    return 5_000 + 20 * (this.#times.get(id) ?? 1_000);
  }

  #tests(file, body) {
    return this.#suite
      .collect(body)
      .map(({ name, run }) => ({ id: `${sourceFile(file)} › ${name}`, run }))
      .filter(({ id }) => !this.settings.without.some((part) => id.includes(part)));
  }
}

/** Worked examples first, then laws, of which those about whole histories are the slowest. */
const cost = (file) => (file.includes('.laws.') ? (file.includes('/answers/') ? 2 : 1) : 0);
const byCost = (a, b) => cost(a) - cost(b) || (a < b ? -1 : 1);

const ENDLESS = 'takes without an end';
const guarded = new Script('globalThis.attainTest()');

/** Why a test fails; it is ended in this process, because to start another one takes seconds. */
async function failureOf(run, timeout = 60_000) {
  try {
    let running;
    globalThis.attainTest = () => void (running = run());
    guarded.runInThisContext({ timeout });
    await running;
    return undefined;
  } catch (error) {
    if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return ENDLESS;
    return String(error?.message ?? error).slice(0, 2000) || 'failed';
  } finally {
    restoreSpies();
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcess)];
