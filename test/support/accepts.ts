import { isMainThread } from 'node:worker_threads';
import { Admission } from '../../server/admission.ts';

/** Loaded into a node before its own code: on SIGUSR2 it says how many readers it let in since the last time, by its own clock. */
const times: number[] = [];
const { admit } = Admission.prototype;
Admission.prototype.admit = function (this: Admission): void {
  admit.call(this);
  times.push(Date.now());
};

/** In any second, wherever it begins. */
function most(): number {
  let [most, first] = [0, 0];
  for (const [last, time] of times.entries()) {
    while (time - (times[first] ?? 0) >= 1_000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function say(): void {
  console.error(JSON.stringify({ accepted: times.length, most: most() }));
  times.length = 0;
}

if (isMainThread) process.on('SIGUSR2', say);
