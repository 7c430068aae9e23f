import type { ComponentChildren } from 'preact';

/** A sentence of the words with nodes in its `{…}`, so that a name in it can be kept apart from what it says. */
export function fill(sentence: string, parts: Readonly<Record<string, ComponentChildren>>): ComponentChildren[] {
  return sentence.split(/\{(\w+)\}/).map((text, at) => (at % 2 ? parts[text] : text));
}
