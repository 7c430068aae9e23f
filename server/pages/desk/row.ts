import { type ComponentChildren, h } from 'preact';

export interface Row {
  title: ComponentChildren;
  /** What is known of it, said on one line. What is false is left out. */
  facts: readonly ComponentChildren[];
  /** Beside the title. */
  beside?: ComponentChildren;
  /** What can be looked at besides. */
  more?: ComponentChildren;
  acts?: ComponentChildren;
}

/** A line of a list: what it is, what is known of it, and what can be done to it. */
export function row({ title, facts, beside, more, acts }: Row) {
  const known = facts.filter(Boolean).flatMap((fact, at) => (at ? ['\u00a0· ', fact] : [fact]));
  return h(
    'li',
    { class: 'row' },
    h('div', { class: 'head' }, h('p', { class: 'title' }, title), beside),
    known.length > 0 && h('p', { class: 'facts' }, known),
    more,
    acts && h('p', { class: 'acts' }, acts),
  );
}
