import { type ComponentChildren, h } from 'preact';
import { renderToString } from 'preact-render-to-string';

export interface Document {
  language: string;
  direction?: 'ltr' | 'rtl' | undefined;
  title: string;
  /** As `color-scheme` has it. */
  scheme: string;
  styles: readonly string[];
  scripts: readonly string[];
  head?: ComponentChildren;
  body: ComponentChildren;
}

/** A whole page. It holds no script or style of its own, as our policy demands. */
export function documentOf({ language, direction, title, scheme, styles, scripts, head, body }: Document): string {
  const page = h(
    'html',
    { lang: language, dir: direction },
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('title', null, title),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: scheme }),
      head,
      h('link', { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }),
      styles.map((href) => h('link', { rel: 'stylesheet', href })),
      scripts.map((src) => h('script', { type: 'module', src })),
    ),
    h('body', null, body),
  );
  return `<!doctype html>${renderToString(page)}`;
}

/** Tells those who paste the address of this page where its embed is described. */
export function oembedLink(home: string, page: string, title: string) {
  const href = `${home}/oembed?url=${encodeURIComponent(page)}`;
  return h('link', { rel: 'alternate', type: 'application/json+oembed', href, title });
}

/** The newsroom's name, and the page's other editions or languages. */
export function masthead(newsroom: string, label: string, links: readonly MastheadLink[]) {
  const items = links.map(({ href, name, language, current }) => {
    const props = { href, lang: language, hreflang: language };
    return h('li', null, h('a', current ? { ...props, 'aria-current': 'page' } : props, name));
  });
  return h(
    'header',
    { class: 'masthead' },
    h('p', { class: 'name' }, newsroom),
    h('nav', { 'aria-label': label }, h('ul', { class: 'editions' }, items)),
  );
}

export interface MastheadLink {
  href: string;
  name: string;
  language: string;
  current: boolean;
}
