import { getSession } from '@attain/client';
import { Command } from 'commander';
import { aimed, type Api, type DemoRole, type Target, withApi } from './api.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export type Given = Target & { json?: boolean; yes?: boolean };

/** The question of a command to a server, and its answer as text. */
export interface Question<Args extends unknown[], Options, Answer> {
  /** Who asks a demo server that nobody signed in to; finance unless stated. */
  as?: DemoRole | ((args: Args, options: Options) => DemoRole);
  /** The caller looks after the platform and sees no pay. */
  keeping?: boolean;
  /** The effect of a command that changes pay, for a person who then agrees to it; undefined where nothing changes. */
  effect?(api: Api, args: Args, options: Options): Promise<string | undefined> | string;
  ask(api: Api, args: Args, options: Options): Promise<Answer>;
  text(answer: Answer, args: Args, options: Options): string;
  /** The exit code of a command that has printed a negative result. */
  ends?(answer: Answer, options: Options): Stop | undefined;
}

/** A command with its help: one sentence, or a longer description, and examples that run. */
export function described(
  name: string,
  summary: string,
  description?: string,
  examples: readonly string[] = [],
): Command {
  const command = new Command(name)
    .summary(summary)
    .description(description ?? `${summary[0]!.toUpperCase()}${summary.slice(1)}.`);
  return examples.length === 0 ? command : command.addHelpText('after', exampleText(examples));
}

export function exampleText(examples: readonly string[]): string {
  return `\nExample${examples.length === 1 ? '' : 's'}:\n${examples.map((example) => `  ${example}`).join('\n')}`;
}

/** Makes a command ask a server, a data directory or engines, and print the answer as text or as JSON. */
export function answering<Args extends unknown[] = [], Options extends object = object, Answer = unknown>(
  terminal: Terminal,
  command: Command,
  { as: role = 'finance', keeping = false, effect, ask, text, ends }: Question<Args, Options & Given, Answer>,
): Command {
  if (effect) command.option('-y, --yes', 'do not ask first');
  return aimed(command)
    .option('--json', 'print the answer as JSON')
    .action(async (...given: unknown[]) => {
      const options = given.at(-2) as Options & Given;
      const args = given.slice(0, -2) as Args;
      const answer = await withApi(
        options,
        typeof role === 'function' ? role(args, options) : role,
        async (api) => {
          const change = options.yes ? undefined : await effect?.(api, args, options);
          if (change !== undefined) await agreed(terminal, options, change);
          const answer = await ask(api, args, options);
          if (effect) await visible(api, answer);
          return answer;
        },
        { keeping },
      );
      terminal.out(options.json ? `${JSON.stringify(answer, null, 2)}\n` : text(answer, args, options));
      const end = ends?.(answer, options);
      if (end) throw end;
    });
}

/** Waits until the read models of the server contain the change, so that the next command of a script sees it. */
async function visible(api: Api, answer: unknown): Promise<void> {
  const { position } = (answer ?? {}) as { position?: string };
  if (position === undefined) return;
  // The change is stored; models that are far behind, such as during an import, show it later.
  await api.ask(getSession, {}, { headers: { 'Attain-Position': position } }).catch(() => undefined);
}

/** Shows the effect and asks the person; without a yes nothing changes. */
export async function agreed(terminal: Terminal, { json }: Given, effect: string): Promise<void> {
  const unanswered = new Stop(
    exitCodes.usage,
    'nothing was changed, because this command changes pay and nobody confirmed it: add --yes',
    { code: 'NOT_CONFIRMED', effect },
  );
  if (json) throw unanswered;
  terminal.err(`${effect.trimEnd()}\n`);
  const answer = await terminal.askLine?.('Go on? [y/N] ');
  if (answer === undefined) throw unanswered;
  if (!/^y(es)?$/i.test(answer.trim())) throw new Stop(exitCodes.no, 'nothing was changed', { code: 'NOT_CONFIRMED' });
}
