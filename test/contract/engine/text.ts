import { expect, it } from 'vitest';
import { slugOf } from '../../../shared/text.ts';
import { freshStore, type Open } from '../harness.ts';
import { changeOf, commit, content, EDITION, itemOf, publish, publishOf, tombstoneOf } from './given.ts';

/** Each has broken some store: quotes, formats, Lua, JSON, NULL-like words, scripts, the limits. */
const HOSTILE = [
  `'; DROP TABLE items; --`,
  `"quoted" \\"twice\\" 'once' \`tick\``,
  ']] .. os.exit() .. [[',
  '%s %d %1$s %% $1 {{x}} #{x}',
  '@now',
  '"@now"',
  '\\u0000 \\n \\x00',
  'null',
  'nil',
  '-1',
  '0',
  '[]',
  '{}',
  '* : {} [] ? ^',
  '<script>alert(1)</script> &amp; ]]>',
  'Ґанок і їжак — “лапки” №5',
  'עברית ועוד עִבְרִית',
  'العربية ١٢٣',
  '👩‍👩‍👧‍👦 🇺🇦 e\u0301 \u{10FFFD} \u2028 \uFEFF',
  '\u{1F4F0}'.repeat(300),
];

export function textContract(open: Open): void {
  const store = freshStore(open);

  it.each(HOSTILE)('gives back as it was: %j', async (text) => {
    const { engine } = store;
    const slug = slugOf(text) || 'x';
    const words = content({
      headline: text,
      url: `https://example.org/?q=${encodeURIComponent(text)}`,
      label: { code: 'explainer', text },
      tags: [{ slug, name: text }],
      section: 'war',
      summary: text,
      byline: text,
      dateline: text,
      slugline: text,
      sources: [text, text],
      urgency: 1,
    });
    const change = { ...publishOf(words), key: { name: text, request: text }, audit: { actor: text, from: text } };
    const published = await engine.commit(change);
    if (!published.done) throw new Error(published.reason);
    const { id } = published;
    expect(itemOf(published)).toStrictEqual({
      id,
      edition: EDITION,
      revision: 1,
      ...words,
      publishedAt: itemOf(published).publishedAt,
      significantAt: itemOf(published).publishedAt,
      revisedAt: itemOf(published).publishedAt,
      amendments: [],
    });
    expect(await engine.find(id)).toStrictEqual(published.current);
    const { entries } = await engine.read(EDITION, undefined, 10);
    expect(entries.map((entry) => entry.shown)).toStrictEqual([published.current]);
    for (const view of [undefined, { tag: slug }, { section: 'war' }]) {
      expect((await engine.rows(EDITION, { limit: 10, view })).items).toStrictEqual([itemOf(published)]);
    }
    expect(await engine.audit(EDITION, 10)).toMatchObject([{ actor: text, from: text }]);
    expect(await engine.commit(change)).toStrictEqual({ ...published, replayed: true });

    const amend = { action: 'amend', expects: 1, content: words, kind: 'correction', notice: text } as const;
    expect(itemOf(await commit(engine, id, amend)).amendments).toMatchObject([{ notice: text }]);
    expect(await engine.revisions(id)).toMatchObject({
      revisions: [{ content: words }, { content: words, kind: 'correction', notice: text }],
    });
    const killed = await commit(engine, id, { action: 'kill', notice: text });
    expect(tombstoneOf(killed).notice).toBe(text);
    expect(await engine.find(id)).toStrictEqual(killed.current);
  });

  it('keeps an empty list an empty list, and what is absent absent', async () => {
    const published = itemOf(await publish(store.engine, { headline: 'Bare' }));
    expect(published.tags).toStrictEqual([]);
    expect(published.sources).toStrictEqual([]);
    expect(published.amendments).toStrictEqual([]);
    for (const field of ['url', 'label', 'section', 'summary', 'byline', 'dateline', 'slugline', 'pinnedUntil']) {
      expect(published).not.toHaveProperty(field);
    }
    const amended = await commit(store.engine, published.id, {
      action: 'amend',
      expects: 1,
      content: content({ tags: [], sources: [] }),
      kind: 'refile',
    });
    expect(itemOf(amended)).toMatchObject({ tags: [], sources: [] });
    expect((await store.engine.rows(EDITION, { limit: 1 })).items).toStrictEqual([itemOf(amended)]);
  });

  it('stores the longest item that may be', async () => {
    const long = (length: number) => '\u{1F4F0}'.repeat(length);
    const words = content({
      headline: long(300),
      summary: long(1000),
      byline: long(120),
      dateline: long(120),
      slugline: long(120),
      sources: Array.from({ length: 6 }, () => long(120)),
      tags: Array.from({ length: 12 }, (_, at) => ({ slug: `${at}${'ї'.repeat(58)}`, name: `${at}${long(58)}` })),
      url: `https://example.org/${'x'.repeat(2020)}`,
    });
    const { id } = await publish(store.engine, words);
    const found = await store.engine.find(id);
    expect(found).toMatchObject({ state: 'published', item: words });
    for (const { slug } of words.tags) {
      expect((await store.engine.rows(EDITION, { limit: 10, view: { tag: slug } })).items).toHaveLength(1);
    }
    const killed = await store.engine.commit(changeOf(id, { action: 'kill', notice: long(500) }));
    expect(killed.done).toBe(true);
  });
}
