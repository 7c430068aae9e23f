import { MotographTicker } from './element.ts';

// A page may load the script twice, for instance when two of its articles embed a ticker.
if (!customElements.get('motograph-ticker')) customElements.define('motograph-ticker', MotographTicker);
