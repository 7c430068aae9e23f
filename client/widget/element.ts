import type { Layout } from './layout.ts';
import { mount } from './mount.ts';
import { ATTRIBUTES } from './options.ts';

declare global {
  interface HTMLElementTagNameMap {
    'motograph-ticker': MotographTicker;
  }
}

/** `<motograph-ticker edition="en">`; its attributes are in `options.ts`, and the theme's are read by the style sheet alone. */
export class MotographTicker extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;
  /** By the names of the attribute. Whoever registers the element says which there are; `list` is always. */
  static layouts: Record<string, Layout> = {};

  readonly #settle = mount(this, () => MotographTicker.layouts);

  connectedCallback(): void {
    this.#settle();
  }

  disconnectedCallback(): void {
    this.#settle();
  }

  attributeChangedCallback(): void {
    this.#settle();
  }
}
