import type { World } from './world.ts';

/** Who did something here this lately may not be done yet: a finger comes down again, a pointer passes by. */
const LINGER = 5_000;

/** A finger that is gone leaves a hover behind, so only what truly hovers counts. */
const HOVERS = '(hover: hover)';

export interface Attention {
  paused: boolean;
  /** A reader is in the middle of something at the ticker, so nothing may move under them. */
  readonly engaged: boolean;
}

export function attentionAt(host: HTMLElement, root: ShadowRoot, world: World): Attention {
  const hovers = matchMedia(HOVERS);
  let busyAt = Number.NEGATIVE_INFINITY;
  const busy = () => {
    busyAt = world.now();
  };
  for (const name of ['touchstart', 'touchmove']) host.addEventListener(name, busy, { passive: true });

  /** A button that was clicked has the focus too, but nobody reads there. */
  const focused = () => root.activeElement?.closest(':focus-visible, .rows');

  const selects = () => {
    const [range] = getSelection()?.getComposedRanges?.({ shadowRoots: [root] }) ?? [];
    return range && !range.collapsed && root.contains(range.startContainer);
  };

  /** Down in the list, or so far down the page that its top is out of sight. */
  const scrolled = () => {
    const view = root.querySelector('.view');
    return view && (view.scrollTop > 1 || host.getBoundingClientRect().top < -1);
  };

  return {
    paused: false,
    get engaged() {
      if ((hovers.matches && host.matches(':hover')) || focused() || selects() || scrolled()) busy();
      return this.paused || world.now() - busyAt < LINGER;
    },
  };
}
