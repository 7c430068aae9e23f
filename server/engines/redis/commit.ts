import type { Redis } from 'ioredis';
import type { Change, Engine, Outcome, Refused } from '../../engine.ts';
import { currentOf, stepOf } from '../step.ts';
import { inputOf, KEY_LIFE_MS } from './input.ts';
import { keysOf } from './keys.ts';
import { replay } from './replay.ts';
import { type Fields, storedOf } from './reply.ts';
import { COMMIT, COMMIT_WHEN_FULL } from './script.ts';
import type { Writer } from './writer.ts';

type Reply = Answer | ['views', views: string];

type Answer =
  | ['done', revision: string, epoch: string, seq: string, mark: string, item: Fields]
  | ['known', record: string]
  | [Refused['reason'], item?: Fields];

type Commits = Pick<Engine, 'commit' | 'known' | 'commitBulk'>;

export function createCommits(prefix: string, logLength: number, link: Redis, writer: Writer): Commits {
  async function outcomeOf(change: Change, reply: Answer, confirm: () => Promise<void>): Promise<Outcome> {
    const { edition, id } = change;
    if (reply[0] === 'done') {
      await confirm();
      const [, revision, epoch, seq, mark, item] = reply;
      const position = { epoch, seq: Number(seq), mark };
      const current = currentOf(storedOf(edition, id, item));
      return { done: true, replayed: false, id, revision: Number(revision), position, current };
    }
    if (reply[0] === 'known') {
      await confirm();
      return replay(link, edition, keysOf(prefix, edition), reply[1], change.key?.request ?? '');
    }
    const [reason, item] = reply;
    return { done: false, reason, current: item && currentOf(storedOf(edition, id, item)) };
  }

  return {
    async commit(change) {
      const step = stepOf(change);
      const script = step.action === 'kill' || step.action === 'hold' ? COMMIT_WHEN_FULL : COMMIT;
      // A guess. The script answers which views the item is in, so that only an item with views costs a second call. More
      // than two come about only where any revision is expected: a kill and a hold go on until they are through.
      for (let views = ''; ; ) {
        const { keys, args } = inputOf(step, keysOf(prefix, step.edition), views, logLength, false);
        const written = await writer.run(script, keys, args);
        const reply = written.reply as Reply;
        if (reply[0] !== 'views') return outcomeOf(change, reply, written.confirm);
        views = reply[1];
      }
    },

    async known(edition, { name, request }) {
      const keys = keysOf(prefix, edition);
      // GETEX, not GET: WAIT promises something for writes only.
      const { reply, confirm } = await writer.send((redis) => redis.getex(keys.key(name), 'PX', KEY_LIFE_MS));
      if (reply === null) return undefined;
      await confirm();
      return replay(link, edition, keys, reply, request);
    },

    async commitBulk(changes) {
      const { reply, confirm } = await writer.send(async (redis) => {
        // EXEC does not undo what came before a NOSCRIPT, so the script is made known within the transaction.
        const transaction = redis.multi().script('LOAD', COMMIT.lua);
        for (const change of changes) {
          const { keys, args } = inputOf(stepOf(change), keysOf(prefix, change.edition), '', logLength, true);
          transaction.evalsha(COMMIT.sha, keys.length, ...keys, ...args);
        }
        const [, ...replies] = (await transaction.exec()) ?? [];
        return replies.map(([error, answer]) => {
          if (error) throw error;
          return answer as Answer;
        });
      });
      return Promise.all(changes.map((change, at) => outcomeOf(change, reply[at] as Answer, confirm)));
    },
  };
}
