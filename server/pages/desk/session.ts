import { type ComponentChildren, h } from 'preact';
import { browserIn } from './agent.ts';
import type { Inside } from './door.ts';
import { fill } from './fill.ts';
import { row } from './row.ts';
import { when } from './when.ts';

/** Where somebody is signed in. */
export interface Session {
  id: string;
  createdAt: string;
  seenAt: string;
  from: string;
  agent: string;
}

/** Which browser it is in, since when, and where: for the person themselves, and for who looks after them. */
export function sessionRow(
  page: Inside,
  { createdAt, seenAt, from, agent }: Session,
  { beside, acts }: { beside?: ComponentChildren; acts?: ComponentChildren } = {},
) {
  const ours = page.words.me;
  return row({
    title: browserIn(page.words, agent),
    beside,
    facts: [
      fill(ours.since, { at: when(page, createdAt) }),
      fill(ours.seen, { at: when(page, seenAt) }),
      fill(ours.from, { from: h('bdi', null, from) }),
    ],
    acts,
  });
}
