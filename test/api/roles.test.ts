import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator } from '../../server/commands/office.ts';
import { routeTable } from '../../server/http/app.ts';
import type { Route } from '../../server/http/route.ts';
import { ROLES, roleFor } from '../../server/roles.ts';
import { ASKS, type Asked, type Asker, NOBODY, RIGHT, World, WRONG } from '../support/asks.ts';
import { DeskStream } from '../support/desk-stream.ts';
import { type Answer, ENGINES, keyFor, newStore, startTestService } from '../support/service.ts';
import { type Member, memberWith, Visitor } from '../support/staff.ts';

/** The routes are only listed here, so they need nothing to serve. */
const ROUTES = routeTable({ settings: {} } as never);
const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`;

/** As the route table says. */
function expected({ permission, fresh, page }: Route, { by, role, edition }: Asker, { within }: Asked): string {
  if (permission === 'public' || permission === 'guest') return 'let in';
  if (by === 'nobody') return page ? 'led to sign in' : 'no-credentials';
  if (by === 'key' && (permission === 'self' || fresh || page)) return 'forbidden';
  if (permission === 'self') return 'let in';
  const enough = role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(roleFor(permission));
  return enough && !(within && edition === WRONG) ? 'let in' : 'forbidden';
}

function outcome(
  { status, headers, body }: Pick<Answer, 'status' | 'headers' | 'body'>,
  { status: right = 200 }: Asked,
): string {
  const kind = /[\w-]+$/.exec(body?.type ?? '')?.[0] ?? '';
  if (['no-credentials', 'forbidden', 'wrong-origin', 'prove-again'].includes(kind)) return kind;
  // Of an item or a key in the wrong place it is not told that it is there.
  if (status === 404 && right !== 404) return 'forbidden';
  if (headers.get('location')?.startsWith('/desk/sign-in?next=')) return 'led to sign in';
  return status === right ? 'let in' : `${status} ${JSON.stringify(body).slice(0, 300)}`;
}

it('has a line for each route of the newsroom’s side, and no other', () => {
  const own = ROUTES.filter(({ permission }) => permission !== 'public');
  expect(Object.keys(ASKS).toSorted()).toEqual(own.map(nameOf).toSorted());
});

it('changes nothing for the public', () => {
  for (const route of ROUTES) if (route.permission === 'public') expect(route.method).toBe('get');
});

describe.each(ENGINES)('on the %s engine', (engine) => {
  let world: World;
  let remove: () => Promise<void>;
  const askers: Asker[] = [];

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    const service = await startTestService(store.env);
    world = new World(service);
    const { url, office } = service;
    askers.push({ ...NOBODY, visitor: new Visitor(url) });
    const without = await memberWith(service, world.grants, 'Without a role');
    await office.staff.grant(operator(), without.id, { grants: [] });
    askers.push({ by: 'session', visitor: without, headers: {} });
    for (const role of ROLES)
      for (const edition of [RIGHT, WRONG]) {
        const key = await keyFor(office, role, edition);
        const who = { role, edition };
        askers.push({ by: 'key', ...who, visitor: new Visitor(url), headers: { Authorization: `Bearer ${key}` } });
        const visitor = await memberWith(service, [{ role, edition }], `${role} of ${edition}`);
        askers.push({ by: 'session', ...who, visitor, headers: {} });
      }
  });

  afterAll(async () => {
    await world.service.close();
    await remove();
  });

  it.each(ROUTES.filter(({ permission }) => permission !== 'public').map((route) => [nameOf(route), route] as const))(
    '%s',
    async (name, route) => {
      const [is, should]: [Record<string, string>, Record<string, string>] = [{}, {}];
      for (const asker of askers) {
        const asked = (await ASKS[name]?.(world, asker)) ?? {};
        const who = [asker.by, asker.role ?? 'without a role', asker.edition].join(' ');
        is[who] = outcome(await ask(route, asker, asked), asked);
        should[who] = expected(route, asker, asked);
      }
      expect(is).toEqual(should);
    },
  );

  async function ask(route: Route, { by, visitor, headers }: Asker, { path = route.path, body }: Asked) {
    const act = route.path.split('/').at(-1) ?? '';
    const address = path.replace(':act', act);
    if (route.path === '/v1/desk/live') return openAndClose(visitor, headers);
    if (route.method === 'get') return visitor.get(address, headers);
    // It is not to end the session that the next routes are asked with.
    const one = route.path === '/v1/sign-out' && by === 'session' ? await (visitor as Member).elsewhere() : visitor;
    return one.post(address, body, headers);
  }
});

async function openAndClose(visitor: Visitor, headers: Record<string, string>) {
  const stream = await DeskStream.open(visitor, headers);
  if (stream.status === 200) {
    await stream.until('hello');
    stream.close();
  }
  await stream.ended;
  return { status: stream.status, headers: new Headers(), body: stream.problem };
}
