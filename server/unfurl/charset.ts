const NAMED = /charset\s*=\s*["']?([\w:.-]+)/i;
const NAMED_IN_PAGE = /<meta\b[^>]*?charset\s*=\s*["']?([\w:.-]+)/i;
/** As much of a page as browsers look through for it. */
const LOOKED_THROUGH = 1024;
const BEYOND_ASCII = /[^\0-\x7f]/;
/** Of pages that do not say, in the standard's own words. */
const UNSAID = 'windows-1252';

/**
 * The text of a page, of which the end may be missing. Letters that are UTF-8 are taken as that, whatever they are said
 * to be: in an older charset they are hardly ever so by accident, and servers often name one charset for all they send.
 *
 * @param contentType the header, which counts for more than what the page says of itself
 */
export function decoded(bytes: Buffer, contentType: string): string {
  const asUtf8 = decodedAs('utf-8', bytes);
  if (asUtf8 !== undefined && BEYOND_ASCII.test(asUtf8)) return asUtf8;
  const start = bytes.toString('latin1', 0, LOOKED_THROUGH);
  for (const [, charset = ''] of [NAMED.exec(contentType), NAMED_IN_PAGE.exec(start)].filter(
    (found) => found !== null,
  )) {
    const text = decodedAs(charset, bytes);
    if (text !== undefined) return text;
  }
  return asUtf8 ?? new TextDecoder(UNSAID).decode(bytes);
}

/** Undefined when the charset is unknown, or the bytes are not in it. */
function decodedAs(charset: string, bytes: Buffer): string | undefined {
  try {
    // As a stream: a character that is cut off at the end is no error.
    return new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
