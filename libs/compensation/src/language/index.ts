export { checkExpression } from './check.js';
export { compileExpression } from './compile.js';
export * from './language.js';
export { isSyntaxProblem, parseExpression } from './parse.js';
export { checkTable } from './tables.js';
export { written } from './written.js';
