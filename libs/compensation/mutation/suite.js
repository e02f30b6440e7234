import { format } from 'node:util';
import { expect } from 'expect';
import { ModuleMocker } from 'jest-mock';

const mocker = new ModuleMocker(globalThis);

export const restoreSpies = () => mocker.restoreAllMocks();

/** Collects the tests of a spec; replaces `@jest/globals` while specs run in one process. */
export class Suite {
  #tests = [];
  #titles = [];

  testing() {
    const describe = (title, body) => {
      this.#titles.push(title);
      body();
      this.#titles.pop();
    };
    const it = (title, run) => void this.#tests.push({ name: [...this.#titles, title].join(' › '), run });
    it.each = (rows) => (title, run) =>
      rows.forEach((row, index) => {
        const values = Array.isArray(row) ? row : [row];
        const texts = values.filter((value) => typeof value !== 'object' && typeof value !== 'function');
        it(`${format(title, ...texts)} (${index + 1})`, () => run(...values));
      });
    return { describe, it, expect, jest: { setTimeout() {}, spyOn: mocker.spyOn.bind(mocker) } };
  }

  /** Evaluates a spec anew, so that nothing is left of the run before. */
  collect(body) {
    this.#tests = [];
    this.#titles = [];
    body();
    return this.#tests;
  }
}
