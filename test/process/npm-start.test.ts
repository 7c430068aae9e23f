import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newStore } from '../support/service.ts';

it('`npm start` ends its server when it is told to end, as a service manager tells it', async () => {
  const { env, remove } = await newStore('embedded');
  // Without the build that comes before it, which other tests read.
  const npm = spawn('npm', ['start', '--ignore-scripts'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const family = -(npm.pid ?? 0);
  try {
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: npm.stderr })
        .on('line', (line) => {
          const found = /"url":"([^"]+)"/.exec(line)?.[1];
          if (found !== undefined) resolve(found);
        })
        .on('close', () => reject(new Error('it did not start')));
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ended = once(npm, 'exit');
    process.kill(npm.pid ?? 0, 'SIGTERM');
    await ended;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  } finally {
    try {
      process.kill(family, 'SIGKILL');
    } catch {
      // As it should be, nobody of the family is left.
    }
    await remove();
  }
});
