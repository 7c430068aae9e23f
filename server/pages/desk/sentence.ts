import { type ComponentChildren, h } from 'preact';
import { fill } from './fill.ts';
import type { DeskWords } from './words.ts';

/** What was done to an item. */
export interface ItemAct {
  seq: number;
  at: string;
  actor: string;
  from: string;
  action: string;
  id: string;
  revision: number;
  /** Of an amendment. */
  kind?: string | undefined;
  notice?: string | undefined;
  digest?: string | undefined;
  /** What the item says today, where it may still be read. */
  headline?: string | undefined;
}

/** What was done to the newsroom's own side. */
export interface OfficeAct {
  seq: number;
  at: string;
  actor: string;
  from: string;
  action: string;
  subject: string;
  editions: readonly string[];
  why?: string | undefined;
}

/** What people and keys are called today, by `staff:` or `key:` and the id. */
export type Names = ReadonlyMap<string, string>;

/** "Night desk corrected “Mayor: repairs will take four days”." */
export function itemSentence(words: DeskWords, names: Names, act: ItemAct): ComponentChildren {
  const { items, item, quoted, otherwise } = words.record;
  const sentence = items[(act.kind ?? act.action) as keyof typeof items] ?? otherwise;
  const what =
    act.headline === undefined
      ? [item, ' ', h('code', null, act.id)]
      : fill(quoted, { text: h('bdi', null, act.headline) });
  return fill(sentence, { who: who(words, names, act.actor), item: what, action: act.action, subject: what });
}

/** "Olena changed the roles of Night desk." */
export function officeSentence(words: DeskWords, names: Names, act: OfficeAct): ComponentChildren {
  const { acts, otherwise } = words.record;
  const sentence = acts[act.action as keyof typeof acts] ?? otherwise;
  const subject = whom(words, names, act.subject);
  return fill(sentence, { who: who(words, names, act.actor), whom: subject, action: act.action, subject });
}

/** Who did it. */
export function who(words: DeskWords, names: Names, id: string): ComponentChildren {
  const { theKey, cli, system } = words.record;
  const { kind, name } = nameOf(names, id);
  if (kind === 'key') return fill(theKey, { name });
  if (kind === 'cli') return fill(cli, { name });
  return kind === 'motograph' ? system : name;
}

function whom({ record }: DeskWords, names: Names, id: string): ComponentChildren {
  if (id === 'staff:all') return record.manyNames;
  if (id === 'staff:nobody') return record.noName;
  const { kind, name } = nameOf(names, id);
  return kind === 'key' ? fill(record.key, { name }) : name;
}

/** Whose name is not known any more is called by their id. */
function nameOf(names: Names, id: string): { kind: string; name: ComponentChildren } {
  const [kind = '', rest = ''] = id.split(/:(.*)/s);
  return { kind, name: h('b', null, h('bdi', null, names.get(id) ?? rest)) };
}
