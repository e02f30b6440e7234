import { spawn } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Served } from '@attain/service';
import { runCli } from '../cli/program.js';
import { root, scratch } from '../journeys/company.fixture.js';

/** The address at which a page expects its server. */
const documented = 'http://127.0.0.1:3000';
const chosen = 'nine windows at dusk, and a lamp';

/**
 * Runs the commands of a page in a directory of their own: `attain` in this process, everything else by bash. The server of a page
 * takes a free port, and its output names the port of the page.
 */
export class Shell {
  private readonly passwords = new Map<string, string>();
  private readonly before = { cwd: process.cwd(), env: { ...process.env } };
  private served: Served | undefined;
  private constructor(private readonly place: Awaited<ReturnType<typeof scratch>>) {}

  static async open(): Promise<Shell> {
    const shell = new Shell(await scratch());
    for (const name of ['apps', 'docs', 'package.json']) symlinkSync(join(root, name), join(shell.place.path, name));
    process.chdir(shell.place.path);
    // The sign-in of a page must not overwrite that of the person who runs the tests.
    process.env['XDG_CONFIG_HOME'] = join(shell.place.path, 'config');
    return shell;
  }

  /** Ends the server of the page, so that another process may open its data. */
  async stop(): Promise<void> {
    await this.served?.close();
    this.served = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    process.chdir(this.before.cwd);
    for (const name of Object.keys(process.env)) if (!(name in this.before.env)) delete process.env[name];
    await this.place.gone();
  }

  /** Runs one command; resolves with its exit code and what it wrote. */
  async run(command: string): Promise<{ code: number; written: string }> {
    const line = command.replaceAll(documented, this.served?.url ?? documented);
    const script = /^npm start\b/.test(line)
      ? (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }).scripts.start
      : undefined;
    const [, name, inner] = /^(?:export )?(\w+)="?\$\((?:npx )?(attain .*)\)"?\s*(?:#.*)?$/.exec(line) ?? [];
    const result = name === undefined ? await this.either(script ?? line) : await this.either(inner!);
    if (name !== undefined) {
      process.env[name] = result.out.trim();
      result.out = '';
    }
    const written = `${result.out}${result.err}`;
    return { code: result.code, written: this.served ? written.replaceAll(this.served.url, documented) : written };
  }

  private async either(line: string): Promise<{ code: number; out: string; err: string }> {
    const [, settings, command] = /^((?:[A-Z_]+=\S+ )+)(attain .*)$/.exec(line) ?? [];
    if (command !== undefined) return this.withSettings(settings!, () => this.either(command));
    if (!/^(npx )?attain /.test(line)) return bash(line);
    const { words, rest } = split(line.replace(/^npx /, ''));
    const result = await this.attain(words.slice(1));
    if (rest === '') return result;
    const file = /^> (\S+)$/.exec(rest)?.[1];
    if (file !== undefined) {
      writeFileSync(file, result.out);
      return { ...result, out: '' };
    }
    const piped = await bash(rest.replace(/^\| /, ''), result.out);
    return { ...piped, err: result.err + piped.err };
  }

  private async withSettings<Result>(settings: string, run: () => Promise<Result>): Promise<Result> {
    const pairs = settings
      .trim()
      .split(' ')
      .map((pair) => pair.split(/=(.*)/s) as [string, string]);
    for (const [name, value] of pairs) process.env[name] = value;
    return run().finally(() => {
      for (const [name] of pairs) delete process.env[name];
    });
  }

  private async attain(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const serving = args[0] === 'serve' && !args.includes('--check-config');
    if (serving) {
      await this.served?.close();
      this.served = undefined;
    }
    const code = await runCli(serving ? [...args, '--port', '0'] : args, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      watched: false,
      serving: (served) => (this.served = served),
      ask: (question) =>
        Promise.resolve(
          /^New password/.test(question)
            ? chosen
            : (this.passwords.get(/of (\S+?):? /.exec(question)?.[1] ?? '') ?? chosen),
        ),
    });
    if (this.served && serving) process.env['ATTAIN_SERVER'] = this.served.url;
    for (const [, user, password] of out.matchAll(/sign in as (\S+) with (\S+)/g)) this.passwords.set(user!, password!);
    if (args[0] === 'user' && args[1] === 'add') this.passwords.set(args[2]!, /^password (\S+)$/m.exec(out)?.[1] ?? '');
    if (args[0] === 'login') this.passwords.set(args[1]!, chosen);
    return { code, out, err };
  }
}

/** Leaves this process free, because a command may ask the server of the page, which runs in it. */
async function bash(script: string, input = ''): Promise<{ code: number; out: string; err: string }> {
  const shell = spawn('bash', ['-eo', 'pipefail', '-c', script], { env: process.env });
  const ended = new Promise<number>((resolve, reject) => {
    shell.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
  // A command that reads nothing may end before its input is written.
  shell.stdin.on('error', () => undefined).end(input);
  const [code, out, err] = await Promise.all([ended, text(shell.stdout), text(shell.stderr)]);
  return { code, out, err };
}

/** The words of a command with its variables and quotes, up to a pipe or a file for its output; a comment is left out. */
function split(line: string): { words: string[]; rest: string } {
  const words: string[] = [];
  const pattern = /\s+|#.*$|([|>].*)$|((?:'[^']*'|"[^"]*"|[^\s'"|>])+)/gy;
  for (let found = pattern.exec(line); found; found = pattern.exec(line)) {
    const [, rest, word] = found;
    if (rest !== undefined) return { words, rest: rest.replace(/\s+#.*$/, '') };
    if (word !== undefined)
      words.push(
        word.replace(
          /'([^']*)'|"([^"]*)"|\$(\w+)/g,
          (whole, single?: string, double?: string, name?: string) =>
            single ??
            (double ?? (name === undefined ? whole : `$${name}`)).replace(
              /\$(\w+)/g,
              (_, variable: string) => process.env[variable] ?? '',
            ),
        ),
      );
  }
  return { words, rest: '' };
}
