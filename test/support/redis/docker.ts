import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestRedis } from '../redis.ts';
import { DURABLE, freePort, whenReady } from './ready.ts';

const IMAGE = 'redis:7-alpine';

export async function startInDocker(): Promise<TestRedis> {
  // Loaded here only: it looks for a container engine as it loads.
  const { RedisContainer } = await import('@testcontainers/redis');
  // A port given by Docker would be another one after each start.
  const port = await freePort();
  const container = await new RedisContainer(IMAGE)
    .withExposedPorts({ container: 6379, host: port })
    .withCommand(['redis-server', ...DURABLE])
    .start();
  const url = `redis://${container.getHost()}:${port}`;
  const docker = (command: string) => promisify(execFile)('docker', [command, container.getId()]);
  const [network = 'bridge'] = container.getNetworkNames();
  return {
    url,
    peer: { host: container.getIpAddress(network), port: 6379 },
    async kill() {
      await docker('kill');
    },
    async start() {
      await docker('start');
      await whenReady(url);
    },
    async pause() {
      await docker('pause');
    },
    async resume() {
      await docker('unpause');
    },
    async stop() {
      await container.stop();
    },
  };
}
