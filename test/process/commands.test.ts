import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Item, isTombstone, type Tombstone } from '../../shared/item.ts';
import type { Message } from '../../shared/wire.ts';
import { firstLineOf, motograph, type ServerProcess, startProcess, startTail } from '../support/process.ts';
import { READERS } from '../support/readers.ts';
import { Api, ENGINES, newStore } from '../support/service.ts';

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const PAST = [
  { edition: 'en', headline: 'Ferry service resumes', publishedAt: '2026-01-05T08:00:00+02:00', tags: ['Ferries'] },
  {
    edition: 'en',
    headline: 'What the ferry timetable means',
    label: 'explainer',
    publishedAt: '2026-01-05T08:10:00+02:00',
  },
  {
    edition: 'uk',
    headline: 'Пороми знову ходять',
    publishedAt: '2026-01-05T08:05:00+02:00',
    url: 'https://news.example/1',
  },
];
const ID = '01900000-0000-7000-8000-000000000001';
const jsonl = (items: object[]) => items.map((item) => JSON.stringify(item)).join('\n');

describe.each(ENGINES)('on the %s engine', (engine) => {
  let env: Record<string, string>;
  let remove: () => Promise<void>;
  const run = (args: string[], input?: string | Buffer) => motograph(args, env, input);

  beforeAll(async () => ({ env, remove } = await newStore(engine)));
  afterAll(() => remove());

  describe('without a server', () => {
    it('posts, amends and kills, with data on stdout and words on stderr', async () => {
      const posted = await run([
        'post',
        'en',
        'Ferry stopped',
        '--tag',
        'Ferries',
        '--label',
        'photo',
        '--urgency',
        '3',
      ]);
      const [{ item }] = lines(posted.stdout);
      expect(item).toMatchObject({ headline: 'Ferry stopped', urgency: 3, tags: [{ slug: 'ferries' }] });
      const correction = ['--kind', 'correction', '--headline', 'Ferry delayed', '--notice', 'It was delayed.'];
      const [amended] = lines((await run(['amend', item.id, ...correction])).stdout);
      expect(amended.item).toMatchObject({ revision: 2, headline: 'Ferry delayed', urgency: 3 });
      const [killed] = lines((await run(['kill', item.id, '--notice', 'There was no ferry.'])).stdout);
      expect(killed.tombstone).toMatchObject({ id: item.id, revision: 3 });
      const again = await run(['kill', item.id, '--notice', 'x']);
      expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('killed') });
    });

    it('makes a key and prints it alone, lists keys without secrets, and revokes', async () => {
      const made = await run(['key', 'add', 'CMS', '--role', 'editor', '--edition', 'en', 'uk']);
      expect(made.stdout).toMatch(/^mg_[0-9a-f]{12}_[\w-]{43}\n$/);
      const [, id = '', secret = ''] = made.stdout.trim().match(/^mg_([0-9a-f]+)_(.+)$/) ?? [];
      const listed = await run(['key', 'list']);
      expect(lines(listed.stdout)).toContainEqual(expect.objectContaining({ id, name: 'CMS' }));
      expect(listed.stdout).not.toContain(secret);
      expect(await run(['key', 'revoke', id])).toMatchObject({ code: 0 });
      expect(lines((await run(['key', 'list'])).stdout).find((key) => key.id === id)).toHaveProperty('revokedAt');
      expect(await run(['key', 'revoke', 'nothing'])).toMatchObject({ code: 1 });
    });

    it('imports twice and adds once, and never revives what was killed', async () => {
      expect(lines((await run(['import', '-'], jsonl(PAST))).stdout)).toEqual([{ added: 3, known: 0 }]);
      const [exported] = lines((await run(['export', 'en'])).stdout).filter(
        ({ headline }) => headline === PAST[0]?.headline,
      );
      expect(exported).toMatchObject({ publishedAt: '2026-01-05T06:00:00.000Z', tags: ['Ferries'] });
      await run(['kill', exported.id, '--notice', 'It does not.']);
      expect(lines((await run(['import', '-'], jsonl(PAST))).stdout)).toEqual([{ added: 0, known: 3 }]);
      expect((await run(['export'])).stdout).not.toContain(PAST[0]?.headline);
    });

    it('reads lines as JSON Lines has them: a mark of order, U+2028 in a string, blank lines, CRLF', async () => {
      const other = await newStore(engine);
      const text = `\uFEFF${jsonl(PAST)}\r\n\n${JSON.stringify({ ...PAST[0], headline: 'One\u2028line' })}\r\n`;
      expect(lines((await motograph(['import', '-'], other.env, text)).stdout)).toEqual([{ added: 4, known: 0 }]);
      await other.remove();
    });

    it('holds and releases', async () => {
      const [{ item }] = lines((await run(['post', 'en', 'Ferry in doubt'])).stdout);
      expect(lines((await run(['hold', item.id])).stdout)).toMatchObject([{ state: 'withheld' }]);
      expect((await run(['export'])).stdout).not.toContain('Ferry in doubt');
      expect(lines((await run(['release', item.id])).stdout)).toMatchObject([{ state: 'published' }]);
    });

    it('corrects an item whose label and section newsroom.json has dropped meanwhile', async () => {
      const [{ item }] = lines(
        (await run(['post', 'en', 'Ferry explained', '--label', 'explainer', '--section', 'war'])).stdout,
      );
      const bare = {
        name: 'Bare',
        editions: { en: { name: 'English', language: 'en', timeZone: 'UTC', zoneLabel: 'UTC' } },
      };
      const file = join(await mkdtemp(join(tmpdir(), 'motograph-bare-')), 'newsroom.json');
      await writeFile(file, JSON.stringify(bare));
      const correction = ['--kind', 'correction', '--headline', 'Ferry truly explained', '--notice', 'It was not.'];
      const amended = await motograph(['amend', item.id, ...correction], { ...env, NEWSROOM_FILE: file });
      expect(lines(amended.stdout)).toMatchObject([
        { item: { label: { code: 'explainer' }, section: 'war', revision: 2 } },
      ]);
    });

    it('lets whoever reads its data stop reading', async () => {
      const other = await newStore(engine);
      const many = Array.from({ length: 3_000 }, (_, n) => ({ ...PAST[0], headline: `Sailing ${n}` }));
      await motograph(['import', '-'], other.env, jsonl(many));
      expect(await firstLineOf(['export'], other.env)).toEqual({ code: 0, stderr: '' });
      await other.remove();
    });

    it('exports what it can import again', async () => {
      const { stdout } = await run(['export']);
      expect(lines(stdout).length).toBeGreaterThan(1);
      const other = await newStore(engine);
      expect(await motograph(['import', '-'], other.env, stdout)).toMatchObject({ code: 0 });
      expect((await motograph(['export'], other.env)).stdout).toBe(stdout);
      await other.remove();
    });

    it.each([
      ['a broken line', `${jsonl(PAST)}\n{"edition"`, 'Line 4'],
      [
        'a future time',
        jsonl([{ ...PAST[0], publishedAt: '2999-01-01T00:00:00Z' }]),
        'Line 1: publishedAt is in the future',
      ],
      ['a field too many', `\n\n${jsonl([{ ...PAST[0], position: 1 }])}`, 'Line 3: position'],
      ['an unknown edition', jsonl([...PAST, { ...PAST[0], edition: 'fr' }]), 'Line 4: edition'],
      [
        'an id of another edition',
        jsonl([
          { ...PAST[0], id: ID },
          { ...PAST[2], id: ID },
        ]),
        'Line 2: id stands for an item',
      ],
      ['bytes that are not UTF-8', Buffer.from('caf\xe9', 'latin1'), 'not UTF-8'],
      ['no time', jsonl([{ edition: 'en', headline: 'x' }]), 'Line 1: publishedAt is required'],
    ])('imports nothing of a file with %s', async (_what, input, words) => {
      const before = (await run(['export'])).stdout;
      expect(await run(['import', '-'], input)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(words),
      });
      expect((await run(['export'])).stdout).toBe(before);
    });

    it('checks, and names the store without its password', async () => {
      const { REDIS_URL, DATA_DIR = '' } = env;
      const url = new URL(REDIS_URL ?? 'redis://localhost');
      // Who has no password may come with any.
      if (!url.password) Object.assign(url, { username: 'default', password: 'hunter2' });
      const given = { ...env, ...(REDIS_URL !== undefined && { REDIS_URL: url.href }) };
      const { code, stdout } = await motograph(['check'], given);
      expect(code).toBe(0);
      const store = REDIS_URL === undefined ? DATA_DIR : `redis://${url.host}${url.pathname}`;
      expect(lines(stdout)[0]).toMatchObject({
        engine,
        store,
        durability: expect.any(String),
        editions: ['uk', 'ru', 'en'],
      });
    });
  });

  describe('beside a running server', () => {
    let server: ServerProcess;
    beforeAll(async () => {
      server = await startProcess(env);
    });
    afterAll(() => server.end('SIGTERM'));

    it('has each act on the reader within a second of its end', async () => {
      const reader = READERS.WebSocket(server.url, 'en');
      await reader.until(({ type }) => type === 'hello');
      const seen = async (ran: Promise<{ stdout: string }>, fits: (message: Message) => boolean) => {
        const { stdout } = await ran;
        await reader.until(fits, 1_000);
        return lines(stdout)[0];
      };
      const isItem = (headline: string) => (message: Message) =>
        message.type === 'item' && message.item.headline === headline;
      const { item } = await seen(run(['post', 'en', 'Ferry sighted']), isItem('Ferry sighted'));
      await seen(run(['amend', item.id, '--kind', 'update', '--headline', 'Ferry in port']), isItem('Ferry in port'));
      await seen(run(['kill', item.id, '--notice', 'Another ship.']), ({ type }) => type === 'kill');
      reader.close();
    });

    it('shows in its tail what is posted to the server, and a key made beside it opens the door at once', async () => {
      const key = (await run(['key', 'add', 'desk', '--role', 'editor'])).stdout.trim();
      const api = new Api(server.url, key);
      const tail = startTail(env);
      await tail.until(/Following en/);
      await api.post('Seen in the tail');
      await tail.until(/"type":"item".*Seen in the tail/);
      expect(await tail.end()).toBe(0);
      await run(['key', 'revoke', key.split('_')[1] ?? '']);
      expect((await api.send('/v1/items', { edition: 'en', headline: 'x' })).status).toBe(401);
    });

    it('sends a large import to readers as one reset, and a small one item by item', async () => {
      const reader = READERS.SSE(server.url, 'ru');
      await reader.until(({ type }) => type === 'hello');
      const past = (count: number, word: string) =>
        Array.from({ length: count }, (_, n) => ({
          edition: 'ru',
          headline: `${word} ${n}`,
          publishedAt: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
        }));
      await run(['import', '-'], jsonl(past(3, 'Few')));
      await reader.until((message) => message.type === 'item' && message.item.headline === 'Few 2');
      await run(['import', '-'], jsonl(past(300, 'Many')));
      const reset = await reader.until(({ type }) => type === 'reset');
      expect(reset).toMatchObject({ reason: 'bulk' });
      const min = 'position' in reset ? reset.position : '';
      const { body } = await new Api(server.url, '').get(`/v1/editions/ru/snapshot?min=${min}`);
      expect(body.items.filter((entry: Item | Tombstone) => !isTombstone(entry))).toHaveLength(30);
      expect(body.more).toBe(true);
      expect(body.items[0].headline).toBe('Many 299');
      await new Api(server.url, '').get('/v1/editions/ru/snapshot');
      expect(reader.messages.filter(({ type }) => type === 'item')).toHaveLength(3);
      expect(reader.messages.filter(({ type }) => type === 'reset')).toHaveLength(1);
      reader.close();
    });
  });
});
