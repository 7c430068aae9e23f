import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator } from '../support/authenticator.ts';
import { byPasskey, FROM, firstChief, HOME, openDesk, type Person, type TestStore } from '../support/desk.ts';
import { meeting } from '../support/meeting.ts';
import { ENGINES } from '../support/service.ts';

let desk: TestStore;
let chief: Person;

const wrong = { kind: 'wrong-proof' };

describe.each(ENGINES)('passkeys on the %s engine', (engine) => {
  beforeEach(async () => {
    desk = await openDesk(engine);
    chief = await firstChief(desk);
  });
  afterEach(() => desk.close());

  it('let their person in, and it is on record', async () => {
    desk.clock.advance(60_000);
    const signedIn = await byPasskey(desk, chief);
    expect(signedIn).toEqual({ staff: chief.id, generation: 1, name: 'Olena', provenAt: desk.clock.now() });
    const at = new Date(desk.clock.now()).toISOString();
    expect(await desk.staff.get(chief.id)).toMatchObject({
      lastSeenAt: at,
      methods: { passkeys: [{ name: 'Passkey', lastUsedAt: at }], password: false, sso: false },
    });
    const [act] = await desk.records.acts(1);
    expect(act).toMatchObject({
      actor: `staff:${chief.id}`,
      from: FROM,
      action: 'signed-in',
      why: 'passkey',
      editions: ['*'],
    });
  });

  it.each([
    ['without user verification', { verified: false }],
    ['for another RP', { rpId: 'evil.example' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from another port', { origin: 'http://localhost:8081' }],
    ['of another challenge', { challenge: 'AAAA' }],
    ['of another type', { type: 'webauthn.create' }],
    ['from within a frame of another site', { crossOrigin: true }],
  ])('are refused %s', async (_, habits) => {
    await expect(byPasskey(desk, chief, habits)).rejects.toMatchObject(wrong);
    await byPasskey(desk, chief);
  });

  it.each([
    ['without user verification', { verified: false }],
    ['for another RP', { rpId: 'evil.example' }],
    ['on another origin', { origin: 'https://evil.example' }],
    ['of another challenge', { challenge: 'AAAA' }],
    ['of another type', { type: 'webauthn.get' }],
    ['in a frame of another site', { crossOrigin: true }],
    [
      'with certificates that name addresses to be fetched',
      { attestation: { fmt: 'packed', attStmt: new Map<string, unknown>([['x5c', [Buffer.from('x')]]]) } },
    ],
  ])('are not made %s', async (_, habits) => {
    const { ceremony, options } = await desk.methods.passkeyOptions(chief.caller, HOME);
    const response = new Authenticator().create(options, habits);
    await expect(desk.methods.addPasskey(chief.caller, { ceremony, response })).rejects.toMatchObject(wrong);
    expect((await desk.staff.get(chief.id))?.methods.passkeys).toHaveLength(1);
  });

  it('answer a challenge once, on whatever node', async () => {
    const other = await desk.another();
    const { ceremony, options } = await desk.signIn.passkeyOptions(HOME, FROM);
    const body = { ceremony, response: chief.passkey.get(options) };
    const tries = await Promise.allSettled(
      [desk, other, desk, other].map(({ signIn }) => signIn.byPasskey(body, FROM)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(desk.signIn.byPasskey(body, FROM)).rejects.toMatchObject(wrong);
  });

  it('answer no challenge a second time after a wrong answer', async () => {
    const { ceremony, options } = await desk.signIn.passkeyOptions(HOME, FROM);
    const tryWith = (habits: object) =>
      desk.signIn.byPasskey({ ceremony, response: chief.passkey.get(options, habits) }, FROM);
    await expect(tryWith({ verified: false })).rejects.toMatchObject(wrong);
    await expect(tryWith({})).rejects.toMatchObject(wrong);
  });

  it('are refused when their count goes back: one of the two is a copy', async () => {
    await byPasskey(desk, chief);
    await byPasskey(desk, chief);
    chief.passkey.counter = 0;
    await expect(byPasskey(desk, chief)).rejects.toMatchObject(wrong);
    await expect(byPasskey(desk, chief)).rejects.toMatchObject(wrong);
    await byPasskey(desk, chief);
  });

  it('let one of an original and its copy in, when both come at once', async () => {
    const nodes = await meeting(desk);
    const asked = await Promise.all(nodes.map(({ signIn }) => signIn.passkeyOptions(HOME, FROM)));
    const answers = asked.map(({ ceremony, options }) => {
      chief.passkey.counter = 7;
      return { ceremony, response: chief.passkey.get(options) };
    });
    const tries = await Promise.allSettled(nodes.map(({ signIn }, at) => signIn.byPasskey(answers[at], FROM)));
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are refused when they are of nobody, of somebody else or taken away', async () => {
    const stranger = { passkey: new Authenticator() };
    await expect(byPasskey(desk, stranger)).rejects.toMatchObject(wrong);
    const { ceremony, options } = await desk.methods.passkeyOptions(chief.caller, HOME);
    const second = new Authenticator();
    await desk.methods.addPasskey(chief.caller, { ceremony, response: second.create(options), label: 'Phone' });
    await desk.methods.removePasskey(chief.caller, second.get({ challenge: '' }).id);
    await expect(byPasskey(desk, { passkey: second })).rejects.toMatchObject(wrong);
    await byPasskey(desk, chief);
  });

  it('are made for what they were begun for, and for nothing else', async () => {
    const { token } = await desk.links.invite(chief.caller, {
      name: 'Ann',
      grants: [{ role: 'editor', edition: 'en' }],
    });
    const invited = await desk.joining.passkeyOptions({ token }, HOME);
    const response = new Authenticator().create(invited.options);
    const body = { ceremony: invited.ceremony, response };
    await expect(desk.methods.addPasskey(chief.caller, body)).rejects.toMatchObject(wrong);
    const own = await desk.methods.passkeyOptions(chief.caller, HOME);
    const passkey = { ceremony: own.ceremony, response: new Authenticator().create(own.options) };
    await expect(desk.joining.accept({ token, passkey }, FROM)).rejects.toMatchObject(wrong);
    const asked = await desk.signIn.passkeyOptions(HOME, FROM);
    const signIn = { ceremony: asked.ceremony, response: new Authenticator().create(own.options) };
    await expect(desk.methods.addPasskey(chief.caller, signIn)).rejects.toMatchObject(wrong);
    expect(await desk.links.look(token)).toMatchObject({ for: 'invitation' });
  });

  it.each([
    [{}],
    [null],
    ['text'],
    [{ id: 'a', rawId: 'a', type: 'public-key', response: {} }],
    [
      {
        id: 'a',
        rawId: 'b',
        type: 'public-key',
        response: { clientDataJSON: '', authenticatorData: '', signature: '', userHandle: '' },
      },
    ],
    [
      {
        id: 'a',
        rawId: 'a',
        type: 'public-key',
        response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA', userHandle: '_w' },
      },
    ],
  ])('take no answer like %j', async (response) => {
    const { ceremony } = await desk.signIn.passkeyOptions(HOME, FROM);
    await expect(desk.signIn.byPasskey({ ceremony, response }, FROM)).rejects.toMatchObject(wrong);
    const own = await desk.methods.passkeyOptions(chief.caller, HOME);
    const made = desk.methods.addPasskey(chief.caller, { ceremony: own.ceremony, response });
    await expect(made).rejects.toMatchObject(wrong);
  });
});
