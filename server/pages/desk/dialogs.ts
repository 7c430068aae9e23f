import { type ComponentChildren, h } from 'preact';
import { SCRIPTED } from './fields.ts';
import type { DeskWords } from './words.ts';

/** A modal form: its heading, its fields, and two ways out. `id` is what opens it. */
export function formDialog(
  words: DeskWords,
  { id, title, submit, children }: { id: string; title: string; submit: string; children: ComponentChildren },
) {
  return h(
    'dialog',
    { id, 'data-title': title, 'aria-labelledby': `${id}-title` },
    h(
      'form',
      SCRIPTED,
      h('h2', { id: `${id}-title` }, title),
      children,
      h('p', { class: 'wrong', role: 'alert' }),
      h(
        'div',
        { class: 'ways' },
        h('button', { type: 'button', class: 'button quiet', 'data-close': true }, words.cancel),
        h('button', { class: 'button' }, submit),
      ),
    ),
  );
}

/** What is shown once, to be taken away. Its words wait for what is known when it opens. */
export function onceDialog(
  words: DeskWords,
  { id, title, hint, label, rows }: { id: string; title: string; hint: string; label: string; rows: number },
) {
  return h(
    'dialog',
    {
      id,
      class: 'once',
      'data-title': title,
      'data-hint': hint,
      'aria-labelledby': `${id}-title`,
      'aria-describedby': `${id}-hint`,
    },
    h('h2', { id: `${id}-title` }),
    h('p', { class: 'hint', id: `${id}-hint` }),
    h(
      'div',
      { class: 'taken' },
      h('label', { for: `${id}-text` }, label),
      h('textarea', { id: `${id}-text`, class: 'code', readonly: true, rows, spellcheck: false }),
      h(
        'p',
        { class: 'taking' },
        h(
          'button',
          {
            type: 'button',
            class: 'button',
            hidden: true,
            'data-copied': words.copied,
            'data-by-hand': words.copyByHand,
          },
          words.copy,
        ),
        ' ',
        h('output', { class: 'said' }),
      ),
    ),
    h('div', { class: 'ways' }, h('button', { type: 'button', class: 'button quiet', 'data-close': true }, words.done)),
  );
}

/** Asks before what cannot be taken back lightly. Its words come with what asked. The way back is first, and has the focus. */
export function acting(words: DeskWords) {
  return h(
    'dialog',
    { id: 'ask', role: 'alertdialog', 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-what' },
    h(
      'form',
      SCRIPTED,
      h('h2', { id: 'ask-title' }),
      h('p', { id: 'ask-what' }),
      h('p', { class: 'wrong', role: 'alert' }),
      h(
        'div',
        { class: 'ways' },
        h('button', { type: 'button', class: 'button quiet', 'data-close': true }, words.cancel),
        h('button', { class: 'button danger' }),
      ),
    ),
  );
}
