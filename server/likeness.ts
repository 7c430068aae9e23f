import { slugOf } from '../shared/text.ts';

/** Three letters each, as one number, in order: what is compared thousands of times between two keystrokes. */
export type Trigrams = Float64Array;

/** The pieces of three letters of each word, its edges counting as letters, as PostgreSQL's pg_trgm has them. */
export function trigramsOf(text: string): Trigrams {
  const found: number[] = [];
  for (const word of slugOf(text).split('-').filter(Boolean)) {
    const letters = `  ${word} `;
    for (let at = 0; at + 2 < letters.length; at++) found.push(trigramAt(letters, at));
  }
  const trigrams = new Float64Array(found).sort();
  let count = 0;
  for (const trigram of trigrams) if (count === 0 || trigram !== trigrams[count - 1]) trigrams[count++] = trigram;
  return trigrams.slice(0, count);
}

/** How much two texts have in common: 0 for nothing, 1 when all their trigrams are the same. */
export function likeness(one: Trigrams, other: Trigrams): number {
  let [at, beside, shared] = [0, 0, 0];
  while (at < one.length && beside < other.length) {
    const ahead = (one[at] ?? 0) - (other[beside] ?? 0);
    if (ahead === 0) shared++;
    if (ahead <= 0) at++;
    if (ahead >= 0) beside++;
  }
  return shared === 0 ? 0 : shared / (one.length + other.length - shared);
}

/** An address without what leads to the same page all the same. Undefined for what is no address of a page. */
export function sameAddress(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url.trim());
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return undefined;
  const { host, pathname, searchParams } = parsed;
  for (const name of [...searchParams.keys()]) if (/^utm_/i.test(name)) searchParams.delete(name);
  return `${host}${pathname.replace(/\/+$/, '')}?${searchParams}`;
}

/** 48 bits, which a number holds to the last. */
function trigramAt(letters: string, at: number): number {
  const [first, second, third] = [letters.charCodeAt(at), letters.charCodeAt(at + 1), letters.charCodeAt(at + 2)];
  return (first * 0x10000 + second) * 0x10000 + third;
}
