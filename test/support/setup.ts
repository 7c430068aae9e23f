import type { TestProject } from 'vitest/node';
import { chromiumPath } from './chromium.ts';
import { sharedRedis } from './redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** One Redis for all test files: each test takes a prefix of its own, and must neither stop nor flush it. */
    redisUrl: string;
    /** The program that the browser tests start. */
    chromiumPath: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // First, since what fails here ends the run before there is a Redis to be stopped.
  project.provide('chromiumPath', await chromiumPath());
  const redis = await sharedRedis();
  project.provide('redisUrl', redis.url);
  return () => redis.stop();
}
