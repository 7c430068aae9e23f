import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/port.ts';
import { motograph, type ServerProcess, startProcess } from '../support/process.ts';
import { ENGINES, newStore } from '../support/service.ts';
import { Member } from '../support/staff.ts';

const LINK = /^(http:\/\/localhost:\d+)\/desk\/join#([\w-]{43})\n?$/;

describe.each(ENGINES)('on the %s engine', (engine) => {
  let env: Record<string, string>;
  let remove: () => Promise<void>;
  const run = (...args: string[]) => motograph(args, env);
  const lines = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const tokenIn = (stdout: string) => LINK.exec(stdout.trim())?.[2] ?? '';

  let server: ServerProcess;

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    env = { ...store.env, PORT: await freePort() };
    server = await startProcess(env);
  });

  afterAll(async () => {
    await server.end('SIGTERM');
    await remove();
  });

  /** What the server said of the desk when it started. */
  async function saidOfDesk(): Promise<string> {
    const said = () => server.said.find((line) => line.startsWith('The desk:'));
    await expect.poll(said, { timeout: 10_000 }).toBeDefined();
    return said()?.replace(/^The desk: +/, '') ?? '';
  }

  it('a start without a chief prints the link that makes one', async () => {
    const [, home, token = ''] = LINK.exec((await saidOfDesk()).replace(/ \(.*$/, '')) ?? [];
    expect(home).toBe(server.url);
    const chief = await new Member(server.url).join(token, 'Olena');
    expect((await chief.get('/v1/me')).body.grants).toEqual([{ role: 'chief', edition: '*' }]);
  });

  it('invites with a link alone on stdout', async () => {
    const { stdout, stderr } = await run('staff', 'invite', 'Petro', '--role', 'editor', '--edition', 'en', 'uk');
    expect(stdout).toMatch(LINK);
    expect(stderr).toContain('Petro');
    expect(stderr).not.toContain(tokenIn(stdout));
    const petro = await new Member(server.url).join(tokenIn(stdout));
    const grants = ['en', 'uk'].map((edition) => ({ role: 'editor', edition }));
    expect((await petro.get('/v1/me')).body).toMatchObject({ name: 'Petro', grants });
  });

  it('lists staff without their secrets', async () => {
    const listed = lines((await run('staff', 'list')).stdout);
    expect(listed.map(({ name }) => name)).toEqual(['Olena', 'Petro']);
    expect(Object.keys(listed[0]).toSorted()).toEqual(['createdAt', 'grants', 'id', 'lastSeenAt', 'methods', 'name']);
  });

  it('brings the last chief back, whose passkey and sessions are over', async () => {
    const [olena] = lines((await run('staff', 'list')).stdout);
    const back = await new Member(server.url).join(tokenIn((await run('staff', 'recover', olena.id)).stdout));
    expect((await back.get('/v1/me')).body).toMatchObject({ id: olena.id, name: 'Olena' });
  });

  it('recovers nobody who is not there', async () => {
    expect(await run('staff', 'recover', 'nobody')).toMatchObject({ code: 1, stdout: '' });
  });

  it('puts PUBLIC_URL into its links', async () => {
    const invited = await motograph(['staff', 'invite', 'Ann', '--role', 'viewer'], {
      ...env,
      PUBLIC_URL: 'https://news.example',
    });
    expect(invited.stdout).toMatch(/^https:\/\/news\.example\/desk\/join#/);
  });

  it.each([
    ['an unknown role', ['Bob', '--role', 'king'], 'king'],
    ['no role', ['Bob'], '--role'],
    ['an unknown edition', ['Bob', '--role', 'viewer', '--edition', 'fr'], 'fr'],
    ['a name that somebody has', ['petro', '--role', 'viewer'], 'name'],
    ['a name that is none', [' ', '--role', 'viewer'], 'name'],
  ])('invites nobody with %s', async (_what, args, words) => {
    const { code, stdout, stderr } = await run('staff', 'invite', ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
  });

  it('prints the audit of an edition, and of staff and keys', async () => {
    const { item } = lines((await run('post', 'en', 'Ferry stopped')).stdout)[0];
    await run('kill', item.id, '--notice', 'There was none.');
    const rows = lines((await run('audit', 'en')).stdout);
    expect(rows).toMatchObject([
      { action: 'kill', id: item.id, notice: 'There was none.', actor: expect.stringMatching(/^cli:./) },
      { action: 'publish', id: item.id },
    ]);
    const acts = lines((await run('audit')).stdout).map(({ action }) => action);
    expect(acts).toContain('recovered');
    expect(acts.at(-1)).toBe('first-link-made');
  });

  it('prints no audit of an edition that is not there', async () => {
    expect(await run('audit', 'fr')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('fr') });
  });

  it('a start with a chief prints no link', async () => {
    expect(await server.end('SIGTERM')).toBe(0);
    server = await startProcess(env);
    expect(await saidOfDesk()).toBe(`${server.url}/desk`);
  });
});
