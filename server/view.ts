import type { Item } from '../shared/item.ts';
import type { View } from './engine.ts';

/** One word for a view, to share things by. The edition itself is ''. */
export function viewKey(view: View | undefined): string {
  if (!view) return '';
  return 'tag' in view ? `tag:${view.tag}` : `section:${view.section}`;
}

export function matches(view: View | undefined, item: Item): boolean {
  if (!view) return true;
  if ('section' in view) return item.section === view.section;
  return item.tags.some((tag) => tag.slug === view.tag);
}
