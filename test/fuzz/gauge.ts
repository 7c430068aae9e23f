import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/** Loaded into the server before its own code: on SIGUSR2 it collects its garbage and says what is left. */
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function say(): void {
  // What finalizers let go is gone at the second time.
  collect();
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  console.error(JSON.stringify({ gauge: { rss, heap: heapUsed + external, open: readdirSync('/dev/fd').length } }));
}

if (isMainThread) process.on('SIGUSR2', say);
