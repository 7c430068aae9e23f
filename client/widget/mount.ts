import { type Entry, isPinned } from '../../shared/row.ts';
import { settingOf, waiting } from '../../shared/ticker.ts';
import type { Source } from './address.ts';
import { attentionAt } from './attention.ts';
import { keepCalm } from './calm.ts';
import { draw, h, type VNode } from './dom.ts';
import { tell, tellChanges } from './events.ts';
import { keepFocus } from './focus.ts';
import type { Layout, Showing } from './layout.ts';
import { list } from './layouts/list.ts';
import { optionsOf } from './options.ts';
import { join, type Seat } from './sources.ts';
import { statusOf } from './status.ts';
import css from './ticker.css';
import { BROWSER, later } from './world.ts';

const HOME = new URL(import.meta.url).origin;
/** How often is looked whether a reader whom something waits for is still reading. */
const LOOK_AGAIN = 1_000;

const baseSheet = new CSSStyleSheet();
baseSheet.replaceSync(css);

/**
 * Makes a ticker of an element. Call what it returns whenever an attribute has changed, or the element was put into a
 * page or taken out of one.
 */
export function mount(host: HTMLElement, layouts: () => Record<string, Layout>): () => void {
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  const attention = attentionAt(host, root, BROWSER);
  const get = (name: string) => host.getAttribute(name);
  let options = optionsOf(() => null, HOME);
  let calm = keepCalm();
  let status = statusOf(BROWSER, () => paint());
  let sourceName: string | undefined;
  let seat: Seat | undefined;
  let shown: Layout | undefined;
  let showing: Showing | undefined;
  let told: string | undefined;
  let settling = false;
  const lookAfter = later(BROWSER, () => paint());

  for (const type of ['click', 'change']) root.addEventListener(type, act);

  // Once for many attributes set in a row, and not in the middle of a move, which is a removal and an insertion.
  return () => {
    if (!settling) queueMicrotask(settle);
    settling = true;
  };

  function settle(): void {
    const before = options;
    settling = false;
    options = optionsOf(get, HOME);
    if (options.rows !== before.rows || options.oldestFirst !== before.oldestFirst) calm = keepCalm();
    show(host.isConnected ? (layouts()[options.layout] ?? list) : undefined);
    sheet.replaceSync(`:host{--rows:${options.rows}}${shown?.css ?? ''}`);
    follow(host.isConnected ? options.source : undefined);
    paint();
  }

  function show(layout: Layout | undefined): void {
    if (layout === shown) return;
    shown = layout;
    showing?.stop?.();
    const ownSheet = new CSSStyleSheet();
    root.adoptedStyleSheets = [baseSheet, sheet, ownSheet];
    showing = layout?.start({
      root,
      sheet: ownSheet,
      world: BROWSER,
      engaged: () => attention.engaged,
      repaint: () => paint(),
    });
  }

  function follow(source: Source | undefined): void {
    const name = JSON.stringify(source);
    if (name === sourceName) return;
    sourceName = name;
    seat?.leave();
    status.stop();
    lookAfter();
    calm = keepCalm();
    status = statusOf(BROWSER, () => paint());
    seat =
      source &&
      join(source, (changes) => {
        if (seat?.speaks()) status.take(changes, options.announce);
        paint();
        tellChanges(host, changes);
      });
  }

  function act({ type, target }: Event): void {
    const does = (target as HTMLElement).closest('[data-does]')?.getAttribute('data-does');
    if (type === 'change') host.setAttribute('announce', (target as HTMLSelectElement).value);
    else if (does === 'pause') attention.paused = !attention.paused;
    else if (does === 'reveal') {
      attention.paused = false;
      paint(false);
      showing?.reveal?.();
    } else if (does) showing?.act?.(does);
    paint();
  }

  function paint(engaged = attention.engaged): void {
    const { rows, edition, state = 'connecting', asOf = 0, now = 0 } = seat?.connection ?? {};
    if (!showing) return;
    const { heading, language, oldestFirst, announce } = options;
    if (!rows || !edition) {
      // The slot shows what the page itself holds between the tags, else what stands in for it.
      const guess = language ?? get('edition') ?? '';
      put(h('slot', null, waiting(h, guess, heading)), '', guess);
      return;
    }
    const calmed = calm(rows, options.rows, now, !engaged);
    const { paused } = attention;
    const entries = oldestFirst ? reversed(calmed.entries) : calmed.entries;
    const scene = { ...calmed, entries, edition, state, asOf, heading, language, paused, engaged, announce };
    const setting = settingOf(scene);
    showing.paint(scene, (section) => put(section, status.text(rows.entries, setting), setting.words.language));
    // The rows that the server drew are out of sight now; a headline killed later must not stay behind in them.
    host.querySelector(':scope > .motograph')?.remove();
    lookAfter(engaged ? LOOK_AGAIN : undefined);
    if (state !== told) tell(host, 'motograph:state', state);
    told = state;
  }

  /** What is said aloud stands apart from the rows, and is there before there is anything to say. */
  function put(section: VNode, said: string, lang: string): void {
    keepFocus(root, () =>
      draw(root, [h('p', { key: 'status', class: 'status', role: 'status', lang }, said), section]),
    );
  }
}

/** Oldest first, below what is pinned. */
function reversed(entries: readonly Entry[]): Entry[] {
  const pins = entries.filter(isPinned);
  return [...pins, ...entries.slice(pins.length).reverse()];
}
