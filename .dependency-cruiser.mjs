/** Imports go one way: what two files need of each other belongs into a third. */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle hides which file comes first. Move the part that both files need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    // A generated client is as its generator makes it.
    exclude: { path: '/dist/|node_modules|libs/client/src/generated' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['@attain/source', 'import', 'node'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
