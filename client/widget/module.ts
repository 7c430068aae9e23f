/** For who builds the widget into a script of their own: the element and its layouts, and nothing is registered yet. */
export { MotographTicker } from './element.ts';
export type { TickerEvents } from './events.ts';
export type { Layout } from './layout.ts';
export { crawl } from './layouts/crawl.ts';
export { headline } from './layouts/headline.ts';
export { register } from './register.ts';
