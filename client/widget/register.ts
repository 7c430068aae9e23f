import { MotographTicker } from './element.ts';
import type { Layout } from './layout.ts';

/** A page may load the script twice, for instance when two of its articles embed a ticker. */
export function register(layouts: Record<string, Layout>): void {
  if (customElements.get('motograph-ticker')) return;
  MotographTicker.layouts = layouts;
  customElements.define('motograph-ticker', MotographTicker);
}
