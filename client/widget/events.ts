import type { Item, Tombstone } from '../../shared/item.ts';
import { isItem } from '../../shared/row.ts';
import type { State } from '../../shared/ticker.ts';
import type { Change } from './changes.ts';

/** What a ticker tells the page around it, as events that bubble. Of what was there at its first load it tells nothing. */
export interface TickerEvents {
  /** A new item, or a new revision of one. */
  'motograph:item': CustomEvent<Item>;
  'motograph:kill': CustomEvent<Tombstone>;
  'motograph:state': CustomEvent<State>;
}

declare global {
  interface HTMLElementEventMap extends TickerEvents {}
}

export function tell<Name extends keyof TickerEvents>(host: Element, name: Name, detail: TickerEvents[Name]['detail']) {
  host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
}

export function tellChanges(host: Element, changes: readonly Change[]): void {
  for (const { entry } of changes) tell(host, isItem(entry) ? 'motograph:item' : 'motograph:kill', entry);
}
