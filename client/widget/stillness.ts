/** For what has to find room where it stands: each is tried until it does. */
const REMEDIES = [
  'align-content:center;padding-block:.2em;line-height:1.25;',
  'font-size:.9em;',
  'font-size:.8em;',
  'overflow:hidden auto;',
];

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
    for (const remedy of REMEDIES) {
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
