import 'reflect-metadata';
import { askLine, askSecret } from './ask.js';
import { runCli } from './program.js';

// The output is pay, so the files of `--out` are readable only for the user who runs the command.
process.umask(0o077);

// A reader that closes the pipe early, as `head` does, has seen enough.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  watched: process.stderr.isTTY,
  ask: askSecret,
  askLine,
});
