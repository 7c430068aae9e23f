import { randomBytes } from 'node:crypto';
import { GENESIS } from '../../../shared/position.ts';
import type { Step } from '../step.ts';
import { type Keys, splitViews, viewNames } from './keys.ts';

export const KEY_LIFE_MS = 7 * 24 * 3_600_000;

/**
 * What `commit.lua` is given, in the order it names. `views` are those that the item is in before the step: each index
 * is a key, and every key has to be declared.
 */
export function inputOf(step: Step, keys: Keys, views: string, logLength: number, bulk: boolean) {
  const { meta, log, items, revisions, rows, pins, audit } = keys;
  const leaves = splitViews(views);
  const entered = step.content === '' ? views : viewNames(step);
  const indexes = [...leaves, ...splitViews(entered)].map(keys.view);
  return {
    keys: [meta, log, items, revisions, rows, pins, audit, keys.key(step.key), ...indexes],
    args: [
      step.id,
      step.action,
      step.expects,
      step.state,
      step.content,
      entered,
      views,
      step.kind && JSON.stringify(step.kind),
      step.notice && `,"notice":${JSON.stringify(step.notice)}`,
      step.notice,
      step.publishedAt,
      step.pinnedUntil,
      step.notBefore,
      step.nonce,
      step.digest,
      step.key === '' ? 0 : 1,
      step.requestDigest,
      KEY_LIFE_MS,
      step.actor,
      step.from,
      bulk ? 1 : 0,
      logLength,
      newEpoch(),
      GENESIS,
      keys.channel,
      leaves.length,
    ],
  };
}

/** Random, since after a loss nobody may take the new log for the old one. */
export function newEpoch(): string {
  return randomBytes(4).toString('hex');
}
