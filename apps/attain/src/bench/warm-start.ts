import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Measured, median } from './report.js';

const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** From starting the process until it prints its address, on a data directory with everything in it. */
export async function warmStart(folder: string, data: string, what: string): Promise<Measured[]> {
  const times: number[] = [];
  for (let run = 0; run < 4; run++) times.push(await start(folder, data));
  const [cold, ...warm] = times;
  return [
    { what: `first start with ${what}, imported`, value: `${(cold! / 1000).toFixed(1)} s` },
    {
      what: `warm start with ${what}`,
      value: `${(median(warm) / 1000).toFixed(1)} s`,
      baseline: `first start ${(cold! / 1000).toFixed(1)} s`,
      ratio: cold! / median(warm),
    },
  ];
}

async function start(folder: string, data: string): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [cli, 'serve', folder, '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await printed(child, 'is served at');
    return performance.now() - began;
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

async function printed(child: ChildProcess, words: string): Promise<void> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes(words)) return;
  }
  throw new Error(`the server ended before it printed its address: ${text}`);
}
