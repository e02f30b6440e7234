import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

let answers: AsyncIterator<string> | undefined;

/** One line from a person, which the screen does not show, or from a pipe. The question goes to stderr, because a script captures stdout. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  process.stdin.ref?.();
  answers ??= lines();
  const { value, done } = await answers.next();
  // Whoever has the answer does not wait for more.
  process.stdin.unref?.();
  process.stderr.write('\n');
  return done ? '' : value;
}

function lines(): AsyncIterator<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const input = createInterface({ input: process.stdin, output: unseen, terminal: process.stdin.isTTY });
  input.on('SIGINT', () => process.exit(130));
  // A terminal shows again what is typed.
  process.once('exit', () => input.close());
  return input[Symbol.asyncIterator]();
}
