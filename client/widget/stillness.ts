/** Small print, for what has to find room where it stands. */
const SMALL = 'font-size:.8em;line-height:1.2;padding-block:.15em;';
/** For what is too much even so. */
const SCROLLED = 'overflow:hidden auto;';

/**
 * Keeps rows the size they have while their text changes. A correction that needs more room gets smaller print, and
 * scrolls within its row when even that is too much. Written in a sheet, since a page may forbid styles on elements.
 */
export class Stillness {
  readonly #sheet: CSSStyleSheet;
  #sizes: string[] | undefined;
  #written = '';

  constructor(sheet: CSSStyleSheet) {
    this.#sheet = sheet;
  }

  /** Before the text changes. */
  hold(list: Element): void {
    this.#sizes ??= [...list.children].map((row) => `block-size:${row.getBoundingClientRect().height}px;`);
    this.#write();
  }

  /** Once it has changed. */
  fit(list: Element): void {
    for (const remedy of [SMALL, SCROLLED]) {
      [...list.children].forEach((row, at) => {
        if (this.#sizes && row.scrollHeight > row.clientHeight + 1) this.#sizes[at] += remedy;
      });
      this.#write();
    }
  }

  release(): void {
    this.#sizes = undefined;
    this.#write();
  }

  #write(): void {
    const rules = this.#sizes?.map((size, at) => `.rows>:nth-child(${at + 1}){${size}}`).join('') ?? '';
    if (rules !== this.#written) this.#sheet.replaceSync(rules);
    this.#written = rules;
  }
}
