#!/usr/bin/env node
// Plain JavaScript that any Node can read: it finds a Node that can run the rest, and builds a checkout that is not built.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const wanted = [24, 9];
const app = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const root = dirname(dirname(app));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) runWithBundledNode();
else {
  if (existsSync(join(root, 'tsconfig.base.json'))) buildWhenStale();
  const main = join(app, 'dist', 'cli', 'main.js');
  if (!existsSync(main)) fail(`attain is not built: ${main} is missing. Run \`npm run build\`.`);
  await import(pathToFileURL(main).href);
}

function runWithBundledNode() {
  const bundled = join(root, 'node_modules', '.bin', 'node');
  if (process.env.ATTAIN_NODE || !existsSync(bundled)) {
    fail(
      `attain needs Node ${wanted.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
        'Run `npm ci` in the checkout, which brings its own Node as a package, or install Node 24.',
    );
  }
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ATTAIN_NODE: bundled, PATH: `${dirname(bundled)}:${process.env.PATH ?? ''}` },
  });
  // A terminal sends ^C to both; a supervisor sends SIGTERM only here.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot start ${bundled}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

/** What was built, as the number of sources and their newest change: a deleted file counts too. */
function buildWhenStale() {
  const stamp = sourcesStamp();
  const built = join(app, 'dist', '.built');
  if (existsSync(built) && readFileSync(built, 'utf8') === stamp) return;
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(tsc)) fail('attain is not built and there is no compiler here: run `npm ci` first.');
  process.stderr.write('attain: building once, which takes up to a minute …\n');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-b', app], { cwd: root, encoding: 'utf8' });
  if (status !== 0) fail(`${stdout}attain: the build failed.`);
  buildPage();
  mkdirSync(dirname(built), { recursive: true });
  writeFileSync(built, stamp);
}

/** The page is built by another tool than the services. */
function buildPage() {
  const page = join(root, 'apps', 'dashboard');
  const vite = join(dirname(createRequire(join(page, 'package.json')).resolve('vite/package.json')), 'bin', 'vite.js');
  const { status, stderr } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: page,
    encoding: 'utf8',
  });
  if (status !== 0) fail(`${stderr}attain: the build of the page failed.`);
}

function sourcesStamp() {
  let count = 0;
  let newest = 0;
  const see = (path) => {
    count += 1;
    newest = Math.max(newest, statSync(path).mtimeMs);
  };
  see(join(root, 'tsconfig.base.json'));
  for (const group of ['libs', 'apps']) {
    for (const name of readdirSync(join(root, group))) {
      const project = join(root, group, name);
      if (!existsSync(join(project, 'tsconfig.json')) || !existsSync(join(project, 'src'))) continue;
      see(join(project, 'tsconfig.json'));
      see(join(project, 'package.json'));
      for (const file of readdirSync(join(project, 'src'), { recursive: true })) {
        if (/\.(ts|tsx|css|po)$/.test(file) && !file.endsWith('.spec.ts')) see(join(project, 'src', file));
      }
    }
  }
  return `${count} ${newest}\n`;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(70);
}
