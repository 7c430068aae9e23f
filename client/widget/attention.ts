import type { World } from './world.ts';

/** Who did something here this lately may not be done yet: a finger comes down again, a pointer passes by. */
const LINGER = 5_000;

/** A finger that is gone leaves a hover behind, so only what truly hovers counts. */
const HOVERS = '(hover: hover)';

/** Whether a reader is in the middle of something at a ticker, so that nothing may move under them. */
export class Attention {
  readonly #host: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #world: World;
  readonly #hovers = matchMedia(HOVERS);
  #busyAt = Number.NEGATIVE_INFINITY;
  paused = false;

  constructor(host: HTMLElement, root: ShadowRoot, world: World) {
    this.#host = host;
    this.#root = root;
    this.#world = world;
    const touched = () => {
      this.#busyAt = world.now();
    };
    for (const name of ['touchstart', 'touchmove']) host.addEventListener(name, touched, { passive: true });
  }

  get engaged(): boolean {
    const hovers = this.#hovers.matches && this.#host.matches(':hover');
    const now = this.#world.now();
    if (hovers || this.#focused || this.#selects || this.#scrolled) this.#busyAt = now;
    return this.paused || now - this.#busyAt < LINGER;
  }

  /** A button that was clicked has the focus too, but nobody reads there. */
  get #focused(): boolean {
    const { activeElement: focused } = this.#root;
    return focused !== null && (focused.matches(':focus-visible') || focused.closest('.rows') !== null);
  }

  get #selects(): boolean {
    const [range] = getSelection()?.getComposedRanges?.({ shadowRoots: [this.#root] }) ?? [];
    return range !== undefined && !range.collapsed && this.#root.contains(range.startContainer);
  }

  /** Down in the list, or so far down the page that its top is out of sight. */
  get #scrolled(): boolean {
    const view = this.#root.querySelector('.view');
    return view !== null && (view.scrollTop > 1 || this.#host.getBoundingClientRect().top < -1);
  }
}
