import { Argument, Command } from 'commander';
import { exampleText } from './answering.js';
import type { Terminal } from './terminal.js';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** Scripts that complete commands, options and their values; a shell runs them without starting this program. */
export function completionCommand(terminal: Terminal): Command {
  return new Command('completion')
    .summary('print a script that completes commands and options in a shell')
    .description(
      'Prints a script that completes the commands, options and choices of attain in bash, zsh or fish. Source the file, or put it where the shell looks for completions.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      exampleText([
        'attain completion bash > attain.bash',
        'attain completion zsh > attain.zsh',
        'attain completion fish > attain.fish',
      ]),
    )
    .action((shell: Shell, _options: object, command: Command) =>
      terminal.out(scripts[shell](nodesOf(command.parent!))),
    );
}

interface Node {
  /** The words of the command after `attain`. */
  readonly path: readonly string[];
  readonly about: string;
  readonly commands: readonly string[];
  readonly options: readonly { readonly flag: string; readonly about: string; readonly choices: readonly string[] }[];
}

function nodesOf(command: Command, path: readonly string[] = []): Node[] {
  const commands = command.commands.filter((one) => one.name() !== 'help');
  const options = command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => long !== undefined)
    .map(({ long, description, argChoices = [] }) => ({ flag: long!, about: description, choices: argChoices }));
  const node = { path, about: command.summary(), commands: commands.map((one) => one.name()), options };
  return [node, ...commands.flatMap((one) => nodesOf(one, [...path, one.name()]))];
}

const scripts: Readonly<Record<Shell, (nodes: readonly Node[]) => string>> = {
  bash: bashScript,
  zsh: (nodes) =>
    `#compdef attain\nautoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(nodes)}`,
  fish: fishScript,
};

function bashScript(nodes: readonly Node[]): string {
  const key = (path: readonly string[]) => path.map((word) => `/${word}`).join('');
  const inner = nodes.filter(({ path }) => path.length > 0).map(({ path }) => key(path));
  const words = nodes.map(
    ({ path, commands, options }) =>
      `    '${key(path)}') words='${[...commands, ...options.map(({ flag }) => flag)].join(' ')}' ;;`,
  );
  const choices = nodes.flatMap(({ path, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .map((option) => `    '${key(path)} ${option.flag}') words='${option.choices.join(' ')}' ;;`),
  );
  return [
    '_attain() {',
    '  local word words= at= current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    `    case "$at/$word" in ${inner.join('|')}) at="$at/$word" ;; esac`,
    '  done',
    '  case "$at" in',
    ...words,
    '  esac',
    '  case "$at $before" in',
    ...choices,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -o default -F _attain attain',
    '',
  ].join('\n');
}

function fishScript(nodes: readonly Node[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = nodes.flatMap(({ path, commands, options }) => {
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const fresh = commands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${commands.join(' ')}`];
    const when = quoted(path.length === 0 ? '__fish_use_subcommand' : [...seen, ...fresh].join('; and '));
    const about = (name: string) =>
      nodes.find((node) => node.path.join(' ') === [...path, name].join(' '))?.about ?? '';
    return [
      ...commands.map((name) => `complete -c attain -n ${when} -f -a ${name} -d ${quoted(about(name))}`),
      ...options.map(({ flag, about: text, choices }) => {
        const values = choices.length === 0 ? '' : ` -x -a ${quoted(choices.join(' '))}`;
        return `complete -c attain -n ${when} -l ${flag.slice(2)}${values} -d ${quoted(text)}`;
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}
