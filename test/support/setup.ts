import type { TestProject } from 'vitest/node';
import { sharedRedis } from './redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** One Redis for all test files: each test takes a prefix of its own, and must neither stop nor flush it. */
    redisUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await sharedRedis();
  project.provide('redisUrl', redis.url);
  return () => redis.stop();
}
