import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '../../shared/item.ts';
import { formatPosition, parsePosition } from '../../shared/position.ts';
import type { Message } from '../../shared/wire.ts';
import { READERS, type TestReader } from '../support/readers.ts';
import { ENGINES, newStore, startTestService, type TestService } from '../support/service.ts';
import { TestTicker } from '../support/ticker.ts';

const LOG_LENGTH = '1200';
let service: TestService;
let readers: TestReader[];
let remove: () => Promise<void>;

const isItem = (headline: string) => (message: Message) =>
  message.type === 'item' && message.item.headline === headline;
const changes = (messages: Message[]) => messages.filter(({ type }) => type !== 'hello' && type !== 'beat');

const newest = (positions: string[]) =>
  positions.reduce((a, b) => ((parsePosition(a)?.seq ?? 0) > (parsePosition(b)?.seq ?? 0) ? a : b));

describe.each(ENGINES)('on the %s engine', (engine) => {
  beforeEach(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    service = await startTestService({ ...store.env, LOG_LENGTH });
    readers = [];
  });

  afterEach(async () => {
    for (const reader of readers) reader.close();
    await service.close();
    await remove();
  });

  describe.each(Object.entries(READERS))('%s', (_name, connect) => {
    const open = (asking = {}, edition = 'en'): TestReader => {
      const reader = connect(service.url, edition, asking);
      readers.push(reader);
      return reader;
    };
    const position = async () => (await service.api.get('/v1/editions/en/snapshot')).body.position as string;

    it('gives a newcomer the rows there are, and then what happens', async () => {
      await service.api.post('Before');
      const reader = open();
      const hello = await reader.until(({ type }) => type === 'hello');
      expect(hello).toMatchObject({ edition: 'en', heartbeatMs: 15_000 });
      expect(hello).toHaveProperty('snapshot.items.0.headline', 'Before');
      await service.api.post('After');
      expect(await reader.until(isItem('After'))).toMatchObject({ item: { revision: 1, edition: 'en' } });
    });

    it('tells of a post, a correction, a hold, a release and a kill, in this order, each with its position', async () => {
      const reader = open({ since: await position() });
      const { item } = await service.api.post('The bridge is closed');
      const changed = {
        kind: 'correction',
        revision: 1,
        notice: 'It is open.',
        changes: { headline: 'The bridge is open' },
      };
      await service.api.act(item.id, 'amend', changed);
      await service.api.act(item.id, 'hold');
      await service.api.act(item.id, 'release');
      const killed = await service.api.act(item.id, 'kill', { notice: 'The report was false.' });
      const last = await reader.until(({ type }) => type === 'kill');
      expect(last).toMatchObject({ ...killed.tombstone, position: killed.position });
      const told = changes(reader.messages);
      const seqs = told.map((message) => ('position' in message ? (parsePosition(message.position)?.seq ?? 0) : 0));
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      expect(new Set(seqs).size).toBe(seqs.length);
      for (const message of told)
        if (message.type === 'item' && message.item.revision === 2)
          expect(message.item.amendments).toMatchObject([{ kind: 'correction', notice: 'It is open.' }]);
    });

    it('carries hostile text unharmed', async () => {
      const reader = open({ since: await position() });
      const headline = `"</script> \u2028 & \\n data: x — Рівень 🚨 ${'x'.repeat(200)}`;
      const { item } = await service.api.post(headline);
      expect(await reader.until(isItem(item.headline))).toBeTruthy();
      expect(item.headline).toContain('</script>');
    });

    it.each([1, 10, 1_000])(
      'after %i missed entries gives each item in its last version, once, in order',
      async (count) => {
        const { newsroom } = service.office;
        const caller = { actor: { id: 'test', grants: [{ role: 'chief' as const, edition: '*' }] }, from: 'test' };
        const since = await position();
        const posts = Math.ceil(count / 2);
        const done = await Promise.all(
          Array.from({ length: posts }, (_, n) => newsroom.publish(caller, { edition: 'en', headline: `Item ${n}` })),
        );
        const items = done.map(({ item }) => item as Item);
        for (const { id } of items.slice(0, count - posts))
          done.push(await newsroom.amend(caller, id, { kind: 'update', revision: 1, changes: { summary: 'More' } }));
        const end = newest(done.map(({ position }) => position));
        // Until this node has it all: what it learns while the reader is there would rightly be told as well.
        await service.api.get(`/v1/editions/en/snapshot?min=${end}`);
        const reader = open({ since });
        await reader.until(
          (message) => 'position' in message && message.position === end && message.type === 'item',
          10_000,
        );
        const told = changes(reader.messages);
        const ids = told.map((message) => (message.type === 'item' ? message.item.id : message.type));
        expect(ids.toSorted()).toEqual(items.map(({ id }) => id).toSorted());
        for (const message of told)
          if (message.type === 'item')
            expect(message.item.revision).toBe(
              items.findIndex(({ id }) => id === message.item.id) < count - posts ? 2 : 1,
            );
      },
    );

    it('gives who missed more than one write holds all of it', async () => {
      const { newsroom } = service.office;
      const caller = { actor: { id: 'test', grants: [{ role: 'chief' as const, edition: '*' }] }, from: 'test' };
      const since = await position();
      const body = { edition: 'en', headline: 'Long', summary: 'ї'.repeat(1_000) };
      const done = await Promise.all(Array.from({ length: 300 }, () => newsroom.publish(caller, body)));
      const end = newest(done.map(({ position }) => position));
      await service.api.get(`/v1/editions/en/snapshot?min=${end}`);
      const reader = open({ since });
      await reader.until((message) => message.type === 'item' && message.position === end);
      expect(changes(reader.messages)).toHaveLength(300);
    });

    it('seals every position that it gives out', async () => {
      const { position: posted, item } = await service.api.post('One');
      const [newcomer, stranger] = [open(), open({ since: 'last tuesday' })];
      await Promise.all(
        [newcomer, stranger].map((reader) => reader.until(({ type }) => type === 'hello' || type === 'reset')),
      );
      const { position: held } = await service.api.act(item.id, 'hold');
      const back = open({ since: posted });
      await Promise.all([newcomer, back].map((reader) => reader.until(({ type }) => type === 'hold')));
      await service.api.act(item.id, 'kill', { notice: 'Wrong.' });
      await Promise.all([newcomer, back].map((reader) => reader.until(({ type }) => type === 'kill')));
      const given = JSON.stringify([posted, held, await position(), readers.map(({ messages }) => messages)]);
      const positions = [...given.matchAll(/"(\w+\.\d+\.[0-9a-f]+)"/g)].map(([, text = '']) => parsePosition(text));
      expect(positions.length).toBeGreaterThan(6);
      const { seal } = service.office;
      expect(positions.filter((at) => !at || !seal.isOurs(at))).toEqual([]);
    });

    it('resets once who stands in another epoch, remembers another mark, is ahead, or sends no position', async () => {
      await service.api.post('One');
      const { position: head } = await service.api.post('Two');
      const { epoch, seq, mark } = parsePosition(head) ?? { epoch: '', seq: 0, mark: '' };
      const strangers = {
        epoch: formatPosition({ epoch: `${epoch}x`.slice(1), seq, mark }),
        mark: formatPosition({ epoch, seq: seq - 1, mark }),
        ahead: formatPosition({ epoch, seq: seq + 5, mark }),
        nonsense: 'last tuesday',
      };
      for (const since of Object.values(strangers)) {
        const reader = open({ since });
        expect(await reader.until(({ type }) => type === 'reset')).toMatchObject({ position: head });
        await service.api.get(`/v1/editions/en/snapshot?min=${head}`);
        reader.close();
        expect(changes(reader.messages)).toHaveLength(1);
      }
    });

    it('resets who fell off the tape, who then ends with the right rows', async () => {
      const { newsroom } = service.office;
      const caller = { actor: { id: 'test', grants: [{ role: 'chief' as const, edition: '*' }] }, from: 'test' };
      const ticker = await TestTicker.open(service.url, 'en', (url, edition, asking) => {
        // Opened only after the log has gone past the position.
        return {
          messages: [],
          until: async () => ({ type: 'goaway', afterMs: 0 }),
          close() {},
          ...(asking && { url, edition }),
        };
      });
      const since = await position();
      const many = Array.from({ length: Number(LOG_LENGTH) * 1.5 }, (_, n) => ({
        edition: 'en',
        headline: `Item ${n}`,
      }));
      while (many.length > 0) {
        const done = await Promise.all(many.splice(0, 300).map((body) => newsroom.publish(caller, body)));
        const end = newest(done.map(({ position }) => position));
        await service.api.get(`/v1/editions/en/snapshot?min=${end}`);
      }
      const reader = open({ since });
      const reset = await reader.until(({ type }) => type === 'reset', 10_000);
      expect(reset).toMatchObject({ reason: 'trimmed' });
      ticker.reader.messages.push(reset);
      const shown = await ticker.settled();
      const { body } = await service.api.get('/v1/editions/en/snapshot?limit=10');
      expect(shown).toEqual(body.items);
      expect(ticker.loads).toBe(1);
    });

    it('shows ten rows again after a kill and a hold of shown ones', async () => {
      for (let number = 1; number <= 12; number++) await service.api.post(`Row ${number}`);
      const ticker = await TestTicker.open(service.url, 'en', (...args) => {
        const reader = connect(...args);
        readers.push(reader);
        return reader;
      });
      const [first, second] = await ticker.settled();
      await service.api.act(first?.id ?? '', 'kill', { notice: 'Wrong.' });
      const held = await service.api.act(second?.id ?? '', 'hold');
      await ticker.reader.until((message) => 'position' in message && message.position === held.position);
      const shown = await ticker.settled();
      expect(
        shown.filter((entry) => 'headline' in entry).map((entry) => 'headline' in entry && entry.headline),
      ).toEqual(Array.from({ length: 10 }, (_, at) => `Row ${10 - at}`));
      expect(shown[0]).toMatchObject({ id: first?.id, notice: 'Wrong.' });
      expect(JSON.stringify(shown)).not.toContain('Row 12');
    });

    it('gives a view its own items, and says when one stops matching', async () => {
      const reader = open({ tag: 'floods', since: await position() });
      const other = open({ section: 'sport', since: await position() });
      await service.api.post('Not for the view');
      const { item } = await service.api.post('River gauge', { tags: ['Floods'] });
      await service.api.act(item.id, 'amend', { kind: 'refile', revision: 1, changes: { tags: [] } });
      expect(await reader.until(({ type }) => type === 'hold')).toMatchObject({ id: item.id, revision: 2 });
      const { tombstone } = await service.api.act(item.id, 'kill', { notice: 'Wrong.' });
      await other.until(({ type }) => type === 'kill');
      expect(await reader.until(({ type }) => type === 'kill')).toMatchObject({ id: tombstone.id });
      expect(JSON.stringify(reader.messages)).not.toContain('Not for the view');
      expect(other.messages.some(({ type }) => type === 'item')).toBe(false);
    });

    it('does not mix editions', async () => {
      const reader = open({}, 'uk');
      await reader.until(({ type }) => type === 'hello');
      await service.api.post('English');
      await service.api.post('Українською', { edition: 'uk' });
      await reader.until(isItem('Українською'));
      expect(JSON.stringify(reader.messages)).not.toContain('English"');
    });
  });
});
