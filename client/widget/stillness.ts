/** For what has to find room where it stands: each is tried until it does. */
const REMEDIES = [
  'align-content:center;padding-block:.2em;line-height:1.25;',
  'font-size:.9em;',
  'font-size:.8em;',
  'overflow:hidden auto;',
];

interface Stillness {
  /** Before the text changes. */
  hold(list: Element): void;
  /** Once it has changed. */
  fit(list: Element): void;
  release(): void;
}

/**
 * Keeps rows the size they have while their text changes. A correction that needs more room gets smaller print, and
 * scrolls within its row when even that is too much. Written in a sheet, since a page may forbid styles on elements.
 */
export function stillnessIn(sheet: CSSStyleSheet): Stillness {
  let sizes: string[] | undefined;
  let written = '';

  const write = () => {
    const rules = sizes?.map((size, at) => `.rows>:nth-child(${at + 1}){${size}}`).join('') ?? '';
    if (rules !== written) sheet.replaceSync(rules);
    written = rules;
  };

  return {
    hold(list) {
      sizes ??= [...list.children].map((row) => `block-size:${row.getBoundingClientRect().height}px;`);
      write();
    },
    fit(list) {
      for (const remedy of REMEDIES) {
        [...list.children].forEach((row, at) => {
          if (sizes && row.scrollHeight > row.clientHeight + 1) sizes[at] += remedy;
        });
        write();
      }
    },
    release() {
      sizes = undefined;
      write();
    },
  };
}
