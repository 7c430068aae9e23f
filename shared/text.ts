const BIDI_OVERRIDE = /[\u202A-\u202E\u2066-\u2069]/u;
const CONTROL = /\p{Cc}/u;
// Fillers of Hangul are letters and an empty cell of Braille is a symbol, though nobody sees them.
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
const NOT_IN_SLUGS = /[^\p{L}\p{M}\p{N}]+/gu;

/** One line of text as it is stored: NFC, each run of white space (line breaks too) folded to one space, trimmed. */
export function foldText(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** What is wrong with a folded line, in words, or undefined. `max` counts code points. */
export function lineProblem(text: string, max: number): string | undefined {
  if (!text.isWellFormed()) return 'holds half of a surrogate pair';
  if (CONTROL.test(text)) return 'holds a control character';
  if (BIDI_OVERRIDE.test(text)) return 'holds a character that overrides the direction of text';
  if (!VISIBLE.test(text)) return 'is empty';
  const length = [...text].length;
  return length > max ? `has ${length} characters, at most ${max} are allowed` : undefined;
}

/** A stranger's text as a line that may be stored: without what is refused in one, and cut to `max`. May be empty. */
export function plainLine(text: string, max: number): string {
  const folded = foldText(text.split(BIDI_OVERRIDE).join('').split(CONTROL).join(' '));
  const line = [...folded].slice(0, max).join('').trim();
  return lineProblem(line, max) === undefined ? line : '';
}

/** The path word of a tag, in its own script: "Збройні сили" becomes "збройні-сили". May be empty. */
export function slugOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(NOT_IN_SLUGS, '-').replace(/^-|-$/g, '');
}
