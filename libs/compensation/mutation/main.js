import { copyFileSync, globSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';

const FOLDERS = ['credits', 'earned', 'paid'];
const ALIVE = 'tmp/mutants-alive.txt';
const SPECS = ['answers', 'credits', 'earned', 'paid', 'plans'];

// The laws look at few cases, the same for each mutant: what they do not find in these they would find in thousands.
process.env['LAWS_RUNS'] ??= '4';
process.env['COMPANIES_RUNS'] ??= '12';
process.chdir(fileURLToPath(new URL('../../..', import.meta.url)));
mkdirSync('tmp', { recursive: true });

const asked = process.argv.slice(2).flatMap((what) => (what === 'all' ? FOLDERS : [what]));
const mutate = (asked.length > 0 ? asked : FOLDERS).map((what) =>
  what.endsWith('.ts') ? `libs/compensation/src/${what}` : `libs/compensation/src/${what}/**/*.ts`,
);
if (mutate.every((pattern) => globSync(pattern).length === 0)) {
  console.error(
    `no source matches ${mutate.join(', ')}: name \`all\`, a folder such as \`paid\`, or a file such as \`paid/closings.rules.ts\``,
  );
  process.exit(2);
}
const sample = Number(process.env['MUTATE_SAMPLE'] ?? 1);
if (!(sample > 0 && sample <= 1)) {
  console.error(
    `MUTATE_SAMPLE is "${process.env['MUTATE_SAMPLE']}": state the fraction of mutants to draw, such as 0.1`,
  );
  process.exit(2);
}

/** Only the mutants that survived the previous run. */
const again = process.env['MUTATE_AGAIN'] === undefined ? undefined : 'tmp/mutants-again.txt';
if (again) copyFileSync(ALIVE, again);

await new Stryker({
  mutate: [...mutate, '!libs/compensation/src/**/*.spec.ts'],
  testRunner: 'in-process',
  checkers: sample < 1 || again ? ['sample'] : [],
  plugins: ['runner.js', 'sample.js', 'score.js'].map((file) => fileURLToPath(new URL(file, import.meta.url))),
  reporters: ['progress-append-only', 'score', 'html'],
  htmlReporter: { fileName: 'tmp/mutation.html' },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: Number(process.env['MUTATE_PROCESSES'] ?? 1),
  tempDirName: 'tmp/mutation',
  ignorePatterns: ['**', '!libs/compensation/src/**', '!libs/compensation/package.json', '!package.json'],
  disableTypeChecks: true,
  // The runner ends what does not end by itself; this is for a process that hangs.
  timeoutMS: 300_000,
  dryRunTimeoutMinutes: 60,
  thresholds: { high: 90, low: 80, break: 80 },
  warnings: { unknownOptions: false },
  mutation: {
    sample,
    again,
    alive: ALIVE,
    seed: Number(process.env['MUTATE_SEED'] ?? 20261130),
    specs: SPECS.map((folder) => `libs/compensation/src/${folder}/*.spec.ts`),
    // One reads the page of its explanations, one is about packed facts alone, and one takes as long as all others together.
    without: [
      'answers/explained-page.spec.ts',
      'answers/packed-facts.laws.spec.ts',
      'computes an override over 140,000 deals',
    ],
  },
}).runMutationTest();
