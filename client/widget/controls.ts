import type { Child } from '../../shared/hyper.ts';
import type { Words } from '../../shared/words.ts';
import { h, type VElement } from './dom.ts';
import type { Scene } from './layout.ts';
import { MODES, type Mode } from './status.ts';

/** A press is told by what the button does: no function hangs on it. */
export function button(does: string, text: string, label?: string): VElement {
  return h(
    'button',
    { key: does, type: 'button', class: `button ${does}`, 'data-does': does, 'aria-label': label },
    text,
  );
}

/** One for everything that moves. */
export function pauseButton({ paused }: Scene, words: Words): VElement {
  return button('pause', paused ? words.resume : words.pause);
}

/** What waits, until it is asked for. */
export function waitingButton({ waiting, paused }: Scene, words: Words): Child<VElement> {
  if (waiting === 0) return undefined;
  const count = words.newHeadlines(waiting);
  return button('reveal', paused ? `${words.jump}: ${count}` : count);
}

/** Out of sight until it is focused: only who listens has a use for it. */
export function announceChoice(mode: Mode, words: Words): VElement {
  return h(
    'label',
    { class: 'announce' },
    `${words.announcements} `,
    h(
      'select',
      { 'data-does': 'announce' },
      MODES.map((value) => h('option', { value, selected: value === mode ? '' : undefined }, words[value])),
    ),
  );
}
