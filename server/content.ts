import { type Changes, Content, type Draft, type Item } from '../shared/item.ts';
import { slugOf } from '../shared/text.ts';
import { type FieldError, invalidFields } from './errors.ts';
import type { NewsroomFile } from './newsroom-file.ts';

type Written = Omit<Draft, 'edition'>;

/** What a newsroom wrote, as readers see it. @throws Problem `invalid` for a label or section that `newsroom.json` lacks */
export function contentOf(file: NewsroomFile, edition: string, written: Written): Content {
  const errors: FieldError[] = [];
  const text = written.label === undefined ? undefined : file.labels.get(written.label)?.[edition];
  if (written.label !== undefined && text === undefined)
    errors.push({ field: 'label', message: `is unknown; newsroom.json has ${[...file.labels.keys()].join(', ')}` });
  if (written.section !== undefined && !file.sections.has(written.section))
    errors.push({ field: 'section', message: `is unknown; newsroom.json has ${[...file.sections].join(', ')}` });
  if (errors.length > 0) throw invalidFields(errors);
  return Content.parse({
    ...written,
    label: written.label && { code: written.label, text },
    tags: written.tags.map((name) => ({ slug: slugOf(name), name })),
  });
}

/**
 * The item's content with the changes in it; `null` takes a field away. Only what is changed is checked, since a label
 * that `newsroom.json` has dropped meanwhile must not stand in the way of a correction.
 */
export function amendedContent(file: NewsroomFile, item: Item, changes: Changes): Content {
  const { label, tags, section, ...plain } = changes;
  const checked = contentOf(file, item.edition, {
    headline: item.headline,
    sources: [],
    urgency: item.urgency,
    tags: tags ?? [],
    label: label ?? undefined,
    section: section ?? undefined,
  });
  const changed = {
    ...plain,
    ...(label !== undefined && { label: label && checked.label }),
    ...(tags !== undefined && { tags: checked.tags }),
    ...(section !== undefined && { section }),
  };
  const merged = { ...Content.parse(item), ...changed };
  return Content.parse(Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)));
}

/** The way back: an item as it would be written, labels as codes and tags as names. */
export function writtenOf(item: Item): Written {
  const { label, tags, ...content } = Content.parse(item);
  return { ...content, label: label?.code, tags: tags.map(({ name }) => name) };
}
