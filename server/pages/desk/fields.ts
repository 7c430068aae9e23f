import { h } from 'preact';

export interface Field {
  /** As the API calls it: what is wrong with it is said at it. */
  name: string;
  label: string;
  hint?: string | undefined;
  /** What is said when it holds nothing, or what may not be. */
  wrong: string;
  /** Of the input. */
  props?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** An input with its label, what it wants, and room for what is wrong with it. */
export function field(id: string, { name, label, hint, wrong, props }: Field) {
  return h(
    'div',
    { class: 'field', 'data-field': name, 'data-wrong': wrong },
    h('label', { for: id }, label),
    h('input', {
      id,
      name,
      required: true,
      'aria-describedby': `${hint === undefined ? '' : `${id}-hint `}${id}-wrong`,
      ...props,
    }),
    hint !== undefined && h('p', { class: 'hint', id: `${id}-hint` }, hint),
    h('p', { class: 'wrong', id: `${id}-wrong` }),
  );
}

/** Of an account or a key. What is longer is refused by the server, in words. */
export const NAME = { maxlength: 80, autocapitalize: 'words', spellcheck: false };

/** Six digits; a pasted space does no harm. */
export const CODE = {
  inputmode: 'numeric',
  autocomplete: 'one-time-code',
  pattern: '\\s*([0-9]\\s*){6}',
  maxlength: 12,
  class: 'digits',
};

/**
 * A form that only its script sends. By itself it goes nowhere: where no script runs, a password would else end in the
 * address of the next page.
 */
export const SCRIPTED = { method: 'dialog', novalidate: true };
