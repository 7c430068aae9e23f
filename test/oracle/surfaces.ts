import { setTimeout as wait } from 'node:timers/promises';
import { routeTable } from '../../server/http/app.ts';
import type { Dice } from './dice.ts';
import { EDITIONS, SECTIONS, TAGS } from './plan.ts';
import type { Stage } from './stage.ts';

/** Where readers can see items, as the route table says. Its routes are only listed, so they need nothing to serve. */
function surfacePaths(): string[] {
  return routeTable({ settings: {} } as never)
    .filter(({ method, surface }) => method === 'get' && surface)
    .map(({ path }) => path);
}

/** Asks every surface of every node, over and over, for what it must not show any more. */
export async function pollSurfaces({ verdict, cluster }: Stage, dice: Dice, ended: AbortSignal): Promise<void> {
  const paths = surfacePaths();
  while (!ended.aborted) {
    await wait(dice.whole(5, 40));
    const node = dice.pick(['', ...cluster.urls]);
    const path = addressOf(dice.pick(paths));
    if (node === '' || path === undefined) continue;
    const asked = performance.now();
    const signal = AbortSignal.any([ended, AbortSignal.timeout(8_000)]);
    // A node that dies, and the end of the run, may come in the middle of an answer too.
    const text = await fetch(`${node}${path}`, { signal, redirect: 'manual' })
      .then(async (response) => `${response.headers.get('Location')} ${await response.text()}`)
      .catch(() => '');
    for (const broken of verdict.bans.broken(node, text, asked)) verdict.violated(`${node}${path} gives ${broken}`);
  }

  function addressOf(path: string): string | undefined {
    const items = [...verdict.model.items.values()];
    const item = items.length > 0 ? dice.pick(items.slice(-15)) : undefined;
    if (path.includes(':id') && !item) return undefined;
    const filled = path
      .replace(':edition', path.includes(':id') && item ? item.edition : dice.pick(EDITIONS))
      .replace(':id', item?.id ?? '')
      .replace(':tag', dice.pick(TAGS).toLowerCase())
      .replace(':section', dice.pick(SECTIONS))
      .replace(/[{}]/g, '');
    return `${filled}?${dice.pick(['wait=0', 'wait=0&limit=100', `wait=0&tag=${dice.pick(TAGS).toLowerCase()}`, 'wait=0&section=war'])}`;
  }
}
