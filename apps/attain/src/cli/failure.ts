import { CommanderError } from 'commander';
import { exitCodes, type ProblemFields, Stop } from './terminal.js';

/** Errors whose message is complete for a person. They are known by name, because a question to a server loads none of their libraries. */
const complete: Readonly<Record<string, { exit: number; code: string }>> = {
  ForeignModels: { exit: exitCodes.no, code: 'MODELS_FOREIGN' },
  ForeignModel: { exit: exitCodes.no, code: 'MODELS_FOREIGN' },
  ClockUntrusted: { exit: exitCodes.no, code: 'CLOCK_UNTRUSTED' },
  DirectoryInUse: { exit: exitCodes.no, code: 'DATA_IN_USE' },
  BadConfig: { exit: exitCodes.usage, code: 'BAD_CONFIG' },
};

/** An engine that does not answer now. */
const UNANSWERED = 'Transient';

/** The messages of system errors, by their code. */
const ofSystem: Readonly<Record<string, (path: string, error: NodeJS.ErrnoException) => string>> = {
  ENOENT: (path) => `${path} does not exist: check the path`,
  ENOTDIR: (path) => `${path} is not a directory, or a part of its path is not: check the path`,
  EISDIR: (path) => `${path} is a directory, and a file is needed: name a file`,
  EACCES: (path, { syscall }) =>
    syscall === 'listen'
      ? `${path} may not be used without more rights: choose a port above 1023 with --port`
      : `${path} cannot be read or written, because permission is denied: change its permissions, or run as its owner`,
  EPERM: (path) =>
    `${path} cannot be changed, because permission is denied: change its permissions, or run as its owner`,
  EROFS: (path) => `${path} cannot be written, because its file system is read-only: choose another place`,
  EEXIST: (path, { syscall }) =>
    syscall === 'mkdir'
      ? `${path} is a file, and a directory is needed: choose another name`
      : `${path} exists already: choose another name`,
  ENAMETOOLONG: (path) => `${path.slice(0, 60)}… is too long for a path: check the path`,
  ELOOP: (path) => `${path} leads through a circle of links: check the path`,
  EMFILE: () => 'too many files are open: raise the limit with `ulimit -n`',
  EADDRINUSE: (path) => `${path} is in use by another program: end that program, or choose another port with --port`,
  EADDRNOTAVAIL: (path) => `${path} is not an address of this machine: choose another address with --host`,
  ENOTFOUND: (path) => `${path} is not known as the name of a machine: check --host`,
};

/** The failure of a command: a message for people, a problem for programs, and an exit code. */
export function failureOf(error: unknown): Stop {
  if (error instanceof Stop) return error;
  if (error instanceof CommanderError) return usageOf(error);
  if (!(error instanceof Error)) return unexpected(String(error));
  if (isFull(error))
    return new Stop(exitCodes.full, (error as { done?: string }).done ?? error.message, { code: 'STORE_FULL' });
  const known = complete[error.name];
  if (known) return new Stop(known.exit, error.message, { code: known.code });
  if (error.name === UNANSWERED)
    return new Stop(
      exitCodes.unreachable,
      `${error.message}: try again; with engines, check EVENTS_URL, BUS_URL and MODELS_URL`,
      { code: 'UNREACHABLE' },
    );
  const { code, path, syscall, address, port, hostname } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
    hostname?: string;
  };
  const explain = ofSystem[code ?? ''];
  const subject = path ?? (port === undefined ? (address ?? hostname) : `port ${port} of ${address ?? 'this machine'}`);
  // An error without a path, port or address is a mistake of this program and not of a person.
  if (explain && subject !== undefined && syscall !== undefined)
    return new Stop(exitCodes.usage, explain(subject, error as NodeJS.ErrnoException), { code: code! });
  return unexpected(error.stack ?? error.message);
}

/** A failure as an RFC 9457 problem. */
export function problemText({ code, message, problem }: Stop, notes: string): string {
  const { detail = message.split('\n').at(-1)!, status, ...fields } = problem;
  const all: ProblemFields = {
    type: 'about:blank',
    title: titles[code] ?? 'Failed',
    ...(status !== undefined && { status }),
    code: fields.code ?? codes[code] ?? 'FAILED',
    detail,
    ...fields,
    exit: code,
    ...(notes !== '' && { notes: notes.trimEnd().split('\n') }),
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}

const titles: Readonly<Record<number, string>> = {
  [exitCodes.no]: 'Refused',
  [exitCodes.usage]: 'Wrong command line or settings',
  [exitCodes.strict]: 'Done with warnings',
  [exitCodes.unreachable]: 'No access to the server or to an engine',
  [exitCodes.full]: 'Disk full',
  [exitCodes.internal]: 'Unexpected error',
};
const codes: Readonly<Record<number, string>> = {
  [exitCodes.no]: 'REFUSED',
  [exitCodes.usage]: 'USAGE',
  [exitCodes.strict]: 'WARNINGS',
  [exitCodes.unreachable]: 'UNREACHABLE',
  [exitCodes.full]: 'STORE_FULL',
  [exitCodes.internal]: 'INTERNAL',
};

function usageOf({ exitCode, message, code }: CommanderError): Stop {
  if (exitCode === 0) return new Stop(exitCodes.done, '');
  // Commander shows help if a group of commands is named without one of them.
  if (code === 'commander.help')
    return new Stop(exitCodes.usage, 'name one of its commands, or add --help', { code: 'USAGE' });
  return new Stop(exitCodes.usage, message.replace(/^error: /, ''), { code: 'USAGE' });
}

function isFull(error: Error): boolean {
  return error.name === 'NoRoom' || error.name === 'StoreFull' || (error as NodeJS.ErrnoException).code === 'ENOSPC';
}

function unexpected(detail: string): Stop {
  return new Stop(exitCodes.internal, `attain: ${detail}`, { code: 'INTERNAL', detail });
}
