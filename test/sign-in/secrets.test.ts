import { expect, it } from 'vitest';
import {
  byPasskey,
  FROM,
  firstChief,
  givePassword,
  HOME,
  invited,
  openDesk,
  PASSWORD,
  type TestStore,
} from '../support/desk.ts';
import { ENGINES } from '../support/service.ts';

/** Everything that anybody is shown, or that stays for ever. */
async function shown({ staff, links, records }: TestStore): Promise<string> {
  const problems = await Promise.all(
    [staff.list(), links.pending(), records.acts(1_000)].map((list) => list.then((told) => JSON.stringify(told))),
  );
  return problems.join('\n');
}

it.each(ENGINES)('no secret is shown, kept in an act or told in a refusal on the %s engine', async (engine) => {
  const desk = await openDesk(engine);
  try {
    const chief = await firstChief(desk);
    const { secret, codeAt } = await givePassword(desk, chief);
    const { token } = await desk.links.invite(chief.caller, {
      name: 'Ann',
      grants: [{ role: 'editor', edition: 'en' }],
    });
    const ann = await invited(desk, chief, 'Ben', [{ role: 'editor', edition: 'en' }]);
    const recovery = await desk.links.recover(chief.caller, ann.id);
    await byPasskey(desk, ann);
    desk.clock.advance(30_000);
    const code = codeAt();
    await desk.signIn.byPassword({ name: 'Olena', password: PASSWORD, code }, FROM);
    const refusal = await desk.signIn
      .byPassword({ name: 'Olena', password: `${PASSWORD}!`, code }, FROM)
      .catch((problem) => `${problem.stack} ${JSON.stringify(problem)}`);
    const { value } = (await desk.records.get('staff', chief.id)) ?? expect.fail('there is nobody');
    const { password, passkeys } = value as {
      password: { tag: string; salt: string };
      passkeys: { publicKey: string }[];
    };
    const told = `${await shown(desk)} ${JSON.stringify(refusal)}`;
    expect(told).toContain('Olena');
    const secrets = [
      PASSWORD,
      secret,
      token,
      recovery.token,
      password.tag,
      password.salt,
      passkeys[0]?.publicKey ?? '',
    ];
    for (const words of secrets) {
      expect(words.length).toBeGreaterThan(9);
      expect(told).not.toContain(words);
    }
    expect(told).not.toMatch(new RegExp(`\\b${code}\\b`));
  } finally {
    await desk.close();
  }
});

it.each(ENGINES)('no token and no password is in the store on the %s engine', async (engine) => {
  const desk = await openDesk(engine);
  try {
    const first = (await desk.links.first()) ?? '';
    const chief = await firstChief(desk);
    await givePassword(desk, chief);
    const { token } = await desk.links.recover(chief.caller, chief.id);
    const { ceremony } = await desk.joining.passkeyOptions({ token }, HOME);
    expect(ceremony).not.toContain(token);
    const kinds = ['staff', 'staff-name', 'link', 'ceremony', 'office', 'attempts'];
    const stored = JSON.stringify(await Promise.all(kinds.map((kind) => desk.records.list(kind))));
    expect(stored).toContain('Olena');
    for (const words of [first, token, PASSWORD]) expect(stored).not.toContain(words);
  } finally {
    await desk.close();
  }
});
