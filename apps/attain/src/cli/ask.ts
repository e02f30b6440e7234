import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

let answers: AsyncIterator<string> | undefined;
let shown = true;

/** One line from a person, which the screen does not show, or from a pipe. The question goes to stderr, because a script captures stdout. */
export async function askSecret(question: string): Promise<string> {
  shown = false;
  try {
    return (await line(question)) ?? '';
  } finally {
    shown = true;
    process.stderr.write('\n');
  }
}

/** One line from a person or a pipe; undefined where the input has ended. */
export async function askLine(question: string): Promise<string | undefined> {
  const answer = await line(question);
  if (!process.stdin.isTTY) process.stderr.write('\n');
  return answer;
}

async function line(question: string): Promise<string | undefined> {
  process.stderr.write(question);
  process.stdin.ref?.();
  answers ??= lines();
  const { value, done } = await answers.next();
  // The process may end after the answer, without waiting for more input.
  process.stdin.unref?.();
  return done ? undefined : value;
}

function lines(): AsyncIterator<string> {
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (shown) process.stderr.write(chunk as Buffer);
      done();
    },
  });
  const input = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  input.on('SIGINT', () => process.exit(130));
  // From here on the terminal shows typed characters again.
  process.once('exit', () => input.close());
  return input[Symbol.asyncIterator]();
}
