import type { Entry } from '../../shared/row.ts';
import { type State, settingOf, waiting } from '../../shared/ticker.ts';
import type { Source } from './address.ts';
import { Attention } from './attention.ts';
import { Calm } from './calm.ts';
import type { Change } from './changes.ts';
import { draw, h, type VNode } from './dom.ts';
import { tell, tellChanges } from './events.ts';
import { keepFocus } from './focus.ts';
import type { Layout, Showing } from './layout.ts';
import { list } from './layouts/list.ts';
import { ATTRIBUTES, optionsOf } from './options.ts';
import { join, type Seat } from './sources.ts';
import { Status } from './status.ts';
import css from './ticker.css';
import { BROWSER } from './world.ts';

const HOME = new URL(import.meta.url).origin;
/** How often is looked whether a reader whom something waits for is still reading. */
const LOOK_AGAIN = 1_000;

const baseSheet = new CSSStyleSheet();
baseSheet.replaceSync(css);

declare global {
  interface HTMLElementTagNameMap {
    'motograph-ticker': MotographTicker;
  }
}

/** `<motograph-ticker edition="en">`; its attributes are in `options.ts`, and the theme's are read by the style sheet alone. */
export class MotographTicker extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;
  /** By the names of the attribute. Whoever registers the element says which there are; `list` is always. */
  static layouts: Record<string, Layout> = {};

  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #ownSheet = new CSSStyleSheet();
  readonly #layoutSheet = new CSSStyleSheet();
  readonly #attention = new Attention(this, this.#root, BROWSER);
  readonly #calm = new Calm();
  readonly #status = new Status(BROWSER, () => this.#paint());
  #options = optionsOf(() => null, HOME);
  #seat: Seat | undefined;
  #sourceName: string | undefined;
  #layout: Layout | undefined;
  #showing: Showing | undefined;
  #state: State | undefined;
  #settling = false;
  #cancelLook = () => {};

  constructor() {
    super();
    for (const type of ['click', 'change']) this.#root.addEventListener(type, (event) => this.#act(event));
  }

  connectedCallback(): void {
    this.#settleSoon();
  }

  disconnectedCallback(): void {
    this.#settleSoon();
  }

  attributeChangedCallback(): void {
    this.#settleSoon();
  }

  /** Once for many attributes set in a row, and not in the middle of a move, which is a removal and an insertion. */
  #settleSoon(): void {
    if (this.#settling) return;
    this.#settling = true;
    queueMicrotask(() => {
      this.#settling = false;
      this.#settle();
    });
  }

  #settle(): void {
    const options = optionsOf((name) => this.getAttribute(name), HOME);
    const before = this.#options;
    this.#options = options;
    this.#ownSheet.replaceSync(`:host{--rows:${options.rows}}`);
    if (options.rows !== before.rows || options.oldestFirst !== before.oldestFirst) this.#calm.forget();
    this.#show(this.isConnected ? (MotographTicker.layouts[options.layout] ?? list) : undefined);
    this.#follow(this.isConnected ? options.source : undefined);
    this.#paint();
  }

  #show(layout: Layout | undefined): void {
    if (layout === this.#layout) return;
    this.#layout = layout;
    this.#showing?.stop?.();
    if (!layout) return;
    this.#layoutSheet.replaceSync(layout.css);
    const sheet = new CSSStyleSheet();
    this.#root.adoptedStyleSheets = [baseSheet, this.#layoutSheet, this.#ownSheet, sheet];
    this.#showing = layout.start({
      root: this.#root,
      sheet,
      world: BROWSER,
      engaged: () => this.#attention.engaged,
      repaint: () => this.#paint(),
    });
  }

  #follow(source: Source | undefined): void {
    const name = JSON.stringify(source);
    if (name === this.#sourceName) return;
    this.#sourceName = name;
    this.#seat?.leave();
    this.#status.stop();
    this.#cancelLook();
    this.#calm.forget();
    this.#seat = source && join(source, (changes) => this.#changed(changes));
  }

  #changed(changes: readonly Change[]): void {
    if (this.#seat?.speaks()) this.#status.take(changes, this.#options.announce);
    this.#paint();
    tellChanges(this, changes);
  }

  #act(event: Event): void {
    const target = event.target as HTMLElement;
    const does = target.closest('[data-does]')?.getAttribute('data-does');
    if (event.type === 'change') this.setAttribute('announce', (target as HTMLSelectElement).value);
    else if (does === 'pause') this.#attention.paused = !this.#attention.paused;
    else if (does === 'reveal') {
      this.#attention.paused = false;
      this.#paint(false);
      this.#showing?.reveal?.();
    } else if (does) this.#showing?.act?.(does);
    this.#paint();
  }

  #paint(engaged = this.#attention.engaged): void {
    const { rows, edition, state = 'connecting', asOf = 0, now = 0 } = this.#seat?.connection ?? {};
    if (!this.isConnected || !this.#showing) return;
    const { heading, language, oldestFirst } = this.#options;
    if (!rows || !edition) {
      // The slot shows what the page itself holds between the tags, else what stands in for it.
      const guess = language ?? this.getAttribute('edition') ?? '';
      this.#put(h('slot', null, waiting(h, guess, heading)), '', guess);
      return;
    }
    const shown = this.#calm.show(rows, this.#options.rows, now, !engaged);
    const ticker = {
      edition,
      entries: oldestFirst ? reversed(shown.entries) : shown.entries,
      state,
      asOf,
      now: shown.now,
      heading,
      language,
    };
    const { paused } = this.#attention;
    const scene = { ...ticker, waiting: shown.waiting, paused, engaged, announce: this.#options.announce };
    const setting = settingOf(ticker);
    this.#showing.paint(scene, (section) =>
      this.#put(section, this.#status.text(rows.entries, setting), setting.words.language),
    );
    // The rows that the server drew are out of sight now; a headline killed later must not stay behind in them.
    this.querySelector(':scope > .motograph')?.remove();
    this.#cancelLook();
    if (engaged) this.#cancelLook = BROWSER.after(LOOK_AGAIN, () => this.#paint());
    if (state !== this.#state) {
      this.#state = state;
      tell(this, 'motograph:state', state);
    }
  }

  /** What is said aloud stands apart from the rows, and is there before there is anything to say. */
  #put(section: VNode, said: string, lang: string): void {
    keepFocus(this.#root, () =>
      draw(this.#root, [h('p', { key: 'status', class: 'status', role: 'status', lang }, said), section]),
    );
  }
}

/** Oldest first, below what is pinned. */
function reversed(entries: readonly Entry[]): Entry[] {
  const pins = entries.filter((entry) => 'pinnedUntil' in entry && entry.pinnedUntil);
  return [...pins, ...entries.slice(pins.length).reverse()];
}
