import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const services = ['app:planning', 'app:pipeline', 'app:incentives', 'app:forecasting', 'app:reporting'];
const may = (sourceTag, ...allowed) => ({ sourceTag, onlyDependOnLibsWithTags: allowed });

// The folders of the engine follow the steps of a statement; each knows only those before it.
const steps = ['language', 'facts', 'plans', 'credits', 'earned', 'paid', 'explained', 'warnings', 'answers'];
const pure = {
  group: ['@nestjs/*', 'node:*', 'mongoose', 'kafkajs', '@eventstore/*', '@attain/adapters', '@attain/service'],
  message: 'Rules are pure: no framework, no driver, no I/O.',
};

const noClockNoFramework = {
  'no-restricted-globals': [
    'error',
    'Date',
    'process',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'fetch',
    'crypto',
    'performance',
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Rules give the same answer every time.' },
  ],
  'no-restricted-imports': ['error', { patterns: [pure] }],
};

const raw = (max) => ['error', { max, skipBlankLines: false, skipComments: false }];

export default tseslint.config(
  { ignores: ['**/dist/**', 'libs/client/src/generated/**', '**/node_modules/**', '.nx/**', '**/*.d.ts'] },
  ...tseslint.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    // Specs, fault tests and the contracts of ports are lists of sentences, which a reader takes one at a time.
    ignores: ['**/*.spec.ts', '**/*.fault.ts', '**/*.contract.ts'],
    rules: { 'max-lines': raw(350), 'max-lines-per-function': raw(70) },
  },
  {
    plugins: { '@nx': nx },
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: [
            may('lib:values'),
            may('lib:contracts', 'lib:values'),
            may('lib:compensation', 'lib:values', 'lib:contracts'),
            may('lib:eventsourcing', 'lib:values'),
            may('lib:client'),
            may('lib:adapters', 'lib:values', 'lib:eventsourcing'),
            may('lib:service', 'lib:values', 'lib:contracts', 'lib:compensation', 'lib:eventsourcing', 'lib:adapters'),
            ...services.map((tag) =>
              may(tag, 'lib:values', 'lib:contracts', 'lib:compensation', 'lib:eventsourcing', 'lib:service'),
            ),
            may('app:dashboard', 'lib:client'),
            may('app:attain', 'type:lib', 'type:service'),
          ],
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-object-type': 'off',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Ask @attain/values for ids.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'PrivateIdentifier', message: 'Members are `private`, and none begins with #.' },
      ],
    },
  },
  {
    files: ['**/*.decider.ts', '**/*.projection.ts', '**/*.rules.ts', 'libs/compensation/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: noClockNoFramework,
  },
  ...steps.slice(0, -1).map((step, index) => ({
    files: [`libs/compensation/src/${step}/**/*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            pure,
            {
              group: steps.slice(index + 1).map((later) => `**/${later}/**`),
              message: `${step}/ comes before it: the folders of the engine import one way.`,
            },
          ],
        },
      ],
    },
  })),
  {
    files: ['libs/{values,contracts,eventsourcing}/src/**/*.ts', 'apps/*/src/**/*.ts', 'libs/service/src/**/*.ts'],
    ignores: ['**/*.decider.ts', '**/*.projection.ts', '**/*.rules.ts', 'apps/attain/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:sqlite', 'mongoose', 'kafkajs', '@eventstore/*'],
              message: 'An engine is known to libs/adapters alone.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/attain/src/cli/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'The command line asks a server through @attain/client alone.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:http', 'node:https', 'undici', 'axios'],
              message: 'The command line asks a server through @attain/client alone.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/dashboard/src/features/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^\\.\\./(?!\\.\\./)', message: 'Features of the page never import each other.' },
            { group: ['**/app/**'], message: 'The frame imports the features, and nothing imports the frame.' },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/dashboard/src/{api,charts,explain,format,screen,theme}/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['**/app/**', '**/features/**'], message: 'It comes before the features of the page.' }],
        },
      ],
    },
  },
  {
    // The service sends its schema to the page; the spec compares with the same schema.
    files: ['apps/dashboard/src/features/plans/completion.spec.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
);
