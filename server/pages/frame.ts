import { h } from 'preact';
import { attributesOf, type Embed, framePath, titleOf } from '../../shared/embed.ts';
import { listed, rowsOf } from '../../shared/rows.ts';
import { ticker } from '../../shared/ticker.ts';
import type { Snapshot } from '../../shared/wire.ts';
import { wordsFor } from '../../shared/words.ts';
import { documentOf, oembedLink } from './document.ts';

export interface FramePage {
  newsroom: string;
  embed: Embed;
  snapshot: Snapshot;
  /** Where readers find the service, without a slash at its end. */
  home: string;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * The page of an iframe: the ticker and nothing else. Without a theme it is light: a page that knows only light, as
 * most do, has no black box in it at night.
 */
export function framePage({ newsroom, embed, snapshot, home, now }: FramePage): string {
  const { edition } = snapshot;
  const title = titleOf(newsroom, edition.language, embed);
  const column = ticker(h, {
    edition,
    entries: listed(rowsOf(snapshot), embed.rows),
    state: 'connecting',
    asOf: now,
    now,
    heading: embed.heading,
    language: undefined,
  });
  return documentOf({
    language: wordsFor(edition.language).language,
    direction: edition.direction,
    title,
    scheme: embed.theme === 'auto' ? 'light dark' : (embed.theme ?? 'light'),
    styles: ['/ticker.css', '/frame.css'],
    scripts: ['/frame.js', '/ticker.js'],
    head: [
      // A link that stayed in the frame would put an article in place of the ticker; one that left it, the host page.
      h('base', { target: '_blank' }),
      h('meta', { name: 'robots', content: 'noindex' }),
      h('link', { rel: 'canonical', href: `${home}/${edition.id}` }),
      oembedLink(home, `${home}${framePath(embed)}`, title),
    ],
    body: h('main', null, h('motograph-ticker', attributesOf(embed), column)),
  });
}
