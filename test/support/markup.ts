import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { H } from '../../shared/hyper.ts';

/** The markup of what a shared view draws. */
export function markupOf(draw: (write: typeof h) => ReturnType<typeof h>): string {
  return renderToString(draw(h));
}

/** Its text alone, as a program reads it that knows nothing of style: with entities resolved, tags gone. */
export function textOf(draw: (write: H<string>) => string): string {
  return draw((_tag, _props, ...children) => children.flat(9).join(''));
}
