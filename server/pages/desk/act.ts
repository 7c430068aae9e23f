import { h } from 'preact';
import { fillIn } from '../../../shared/sentence.ts';

export interface Act {
  /** Where the request goes. */
  to: string;
  label: string;
  /** Whom or what it is about, for those who hear the button alone. */
  about: string;
  /** Question, what follows, and the word that does it; without it the act is done at once. */
  ask?: readonly string[];
  /** What the page says when it is done. */
  done: string;
  /** The dialog that shows what the answer holds, once. */
  once?: string;
}

/** A button that does one thing over the API. Dangerous things are words with an ellipsis, and ask first. */
export function act({ to, label, about, ask, done, once }: Act) {
  const [title = '', what = '', word = ''] = ask?.map((text) => fillIn(text, { name: about })) ?? [];
  return h(
    'button',
    {
      type: 'button',
      class: 'act',
      'data-to': to,
      'data-title': ask && title,
      'data-what': ask && what,
      'data-word': ask && word,
      'data-done': done,
      'data-about': about,
      'data-once': once,
      'aria-label': `${label} ${about}`,
    },
    label,
  );
}
