import { appendFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { identity, sourceFile } from './identity.js';

/** Prints the score of each file, of each folder and of all, and lists every surviving mutant. */
class Score {
  static inject = tokens(commonTokens.options);

  constructor({ mutation: { alive } }) {
    this.alive = alive;
    writeFileSync(alive, '');
  }

  onMutantTested(mutant) {
    if (mutant.status === 'Survived' || mutant.status === 'NoCoverage')
      appendFileSync(this.alive, `${identity(mutant)}\n`);
  }

  onMutationTestReportReady({ files }) {
    const all = counts();
    const folders = new Map();
    const rows = [];
    for (const [path, { mutants }] of Object.entries(files)) {
      const file = sourceFile(path);
      const folder = folders.get(dirname(file)) ?? counts();
      folders.set(dirname(file), folder);
      const own = counts();
      for (const { status } of mutants) for (const sum of [own, folder, all]) if (status in sum) sum[status]++;
      rows.push(row(file, own));
    }
    const totals = [...folders].map(([folder, sum]) => row(`${folder}/`, sum));
    console.log([HEADER, ...rows, '', HEADER, ...totals, row('all', all)].join('\n'));
    console.log(`mutation score ${percent(all)}; ${interval(all)}`);
    console.log(`the mutants alive: ${this.alive}, and each beside its line: tmp/mutation.html`);
  }
}

const counts = () => ({ Killed: 0, Timeout: 0, Survived: 0, NoCoverage: 0, Ignored: 0 });
const cells = (file, ...numbers) => file.padEnd(32) + numbers.map((text) => String(text).padStart(10)).join('');
const HEADER = cells('file', 'mutants', 'killed', 'timed out', 'survived', 'unreached', 'static', 'score');

function row(name, sum) {
  const { Killed, Timeout, Survived, NoCoverage, Ignored } = sum;
  return cells(name, shares(sum).tested, Killed, Timeout, Survived, NoCoverage, Ignored, percent(sum));
}

function shares({ Killed, Timeout, Survived, NoCoverage }) {
  const killed = Killed + Timeout;
  return { killed, tested: killed + Survived + NoCoverage };
}

function percent(sum) {
  const { killed, tested } = shares(sum);
  return tested === 0 ? '–' : `${((100 * killed) / tested).toFixed(1)} %`;
}

/** Wilson's interval, because the score of a sample is an estimate. */
function interval(sum) {
  const { killed, tested } = shares(sum);
  const z2 = 1.96 ** 2;
  const middle = killed + z2 / 2;
  const half = 1.96 * Math.sqrt((killed * (tested - killed)) / tested + z2 / 4);
  const [low, high] = [middle - half, middle + half].map((share) => ((100 * share) / (tested + z2)).toFixed(1));
  return `a sample of ${tested} mutants gives a score between ${low} % and ${high} % (95 %)`;
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, 'score', Score)];
