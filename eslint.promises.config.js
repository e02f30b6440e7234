import tseslint from 'typescript-eslint';

// A rule of its own run, because it needs the types: one program for the whole tree takes less time than one a project.
export default tseslint.config(
  { ignores: ['**/dist/**', 'libs/client/src/generated/**', '**/*.d.ts'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { noInlineConfig: true },
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
);
