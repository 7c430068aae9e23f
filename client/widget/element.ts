import { HELD, listed, SHOWN } from '../../shared/rows.ts';
import { ticker, waiting } from '../../shared/ticker.ts';
import type { Source } from './address.ts';
import { Connection } from './connection.ts';
import { draw, h } from './dom.ts';
import css from './ticker.css';

const HOME = new URL(import.meta.url).origin;

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** `<motograph-ticker edition="en" src? rows? tag? section? theme? lang? heading?>` */
export class MotographTicker extends HTMLElement {
  static readonly observedAttributes = ['edition', 'src', 'rows', 'tag', 'section', 'lang', 'heading'];

  readonly #root = this.attachShadow({ mode: 'open' });
  #connection: Connection | undefined;
  #connectedTo = '';
  #settling = false;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
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
    const source = this.isConnected ? this.#source() : undefined;
    const wanted = JSON.stringify(source) ?? '';
    if (wanted !== this.#connectedTo) {
      this.#connectedTo = wanted;
      this.#connection?.stop();
      this.#connection = source && new Connection(source, () => this.#draw());
    }
    if (this.isConnected) this.#draw();
  }

  #source(): Source | undefined {
    const edition = this.getAttribute('edition');
    if (!edition) return undefined;
    return {
      src: (this.getAttribute('src') || HOME).replace(/\/+$/, ''),
      edition,
      tag: this.getAttribute('tag') || undefined,
      section: this.getAttribute('section') || undefined,
      site: this.getAttribute('site') || undefined,
    };
  }

  #draw(): void {
    const heading = this.getAttribute('heading') ?? undefined;
    const language = this.getAttribute('lang') || undefined;
    // No more than are held; no fewer than one.
    const count = Math.max(1, Math.min(HELD, Number.parseInt(this.getAttribute('rows') ?? '', 10) || SHOWN));
    const connection = this.#connection;
    if (!connection?.rows || !connection.edition) {
      // The slot shows what the page itself holds between the tags, else what stands in for it.
      const guess = language ?? this.getAttribute('edition') ?? '';
      draw(this.#root, [h('slot', null, waiting(h, guess, heading, count))]);
      return;
    }
    const { rows, edition, state, asOf, now } = connection;
    draw(this.#root, [ticker(h, { edition, entries: listed(rows, count), state, asOf, now, heading, language })]);
    // The rows that the server drew are out of sight now; a headline killed later must not stay behind in them.
    this.querySelector(':scope > .motograph')?.remove();
  }
}
