import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinary } from './local.ts';

const run = promisify(execFile);

/** On Debian and Ubuntu, as root: the distribution's own package. Undefined where that is not so or does not work. */
export async function installRedis(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update'], { env });
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'redis-server'], { env });
  } catch {
    return undefined;
  }
  // The package starts a server of its own, which nobody asked for.
  await run('service', ['redis-server', 'stop']).catch(() => {});
  await run('systemctl', ['disable', 'redis-server']).catch(() => {});
  return findBinary();
}
