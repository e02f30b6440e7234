import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

const jsc = {
  target: 'es2024',
  parser: { syntax: 'typescript', decorators: true },
  transform: { legacyDecorator: true, decoratorMetadata: true },
  keepClassNames: true,
};

/** Node loads the sources as jest does: TypeScript without a build, and `./x.js` is `./x.ts`. */
export function loadSources() {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
        const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
        if (existsSync(source)) return { url: source.href, shortCircuit: true };
      }
      return next(specifier, { ...context, conditions: ['@attain/source', ...context.conditions] });
    },
    load(url, context, next) {
      if (!url.endsWith('.ts')) return next(url, context);
      const text = readFileSync(fileURLToPath(url), 'utf8');
      const { code } = transformSync(text, { jsc, module: { type: 'es6' } });
      return { format: 'module', source: code, shortCircuit: true };
    },
  });
}

/**
 * The body of a spec as a function, which is called anew for each mutant: what a spec remembers from one call, such as a history
 * that has answered, would hide the next mutant. The modules that it imports are loaded once.
 */
export async function specBody(file, testing) {
  const { code } = transformSync(readFileSync(file, 'utf8'), { jsc, module: { type: 'commonjs' } });
  const modules = new Map([['@jest/globals', testing]]);
  for (const [, specifier] of code.matchAll(/\brequire\("([^"]+)"\)/g)) {
    if (modules.has(specifier)) continue;
    const source = specifier.startsWith('.') ? sourceOf(specifier, file) : specifier;
    modules.set(specifier, { ...(await import(source)), __esModule: true });
  }
  const run = new Function('require', 'exports', `${code}\n//# sourceURL=${file}`);
  return () => run((specifier) => modules.get(specifier), {});
}

const sourceOf = (specifier, file) => new URL(specifier.replace(/\.js$/, '.ts'), pathToFileURL(file)).href;
