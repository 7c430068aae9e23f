/** A sentence with what its `{…}` stand for, in one go: what is put in may hold braces of its own. */
export function fillIn(sentence: string, parts: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '');
}
