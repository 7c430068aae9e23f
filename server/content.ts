import { type Changes, Content, type Draft, type Item } from '../shared/item.ts';
import { slugOf } from '../shared/text.ts';
import { type FieldError, invalidFields } from './errors.ts';
import type { NewsroomFile } from './newsroom-file.ts';

type Written = Omit<Draft, 'edition'>;

/** What a newsroom wrote, as readers see it. @throws Problem `invalid` for a label or section that `newsroom.json` lacks */
export function contentOf(file: NewsroomFile, edition: string, written: Written): Content {
  return Content.parse({ ...written, ...joined(file, edition, written) });
}

/**
 * The item's content with the changes in it; `null` takes a field away. Only what is changed is checked, since a label
 * that `newsroom.json` has dropped meanwhile must not stand in the way of a correction.
 */
export function amendedContent(file: NewsroomFile, item: Item, changes: Changes): Content {
  const merged = { ...Content.parse(item), ...changes, ...joined(file, item.edition, changes) };
  return Content.parse(Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)));
}

/** Of codes and names, those that are there, with the texts and slugs that readers get. */
function joined(file: NewsroomFile, edition: string, { label, section, tags }: Changes) {
  const errors: FieldError[] = [];
  const text = label ? file.labels.get(label)?.[edition] : undefined;
  if (label && text === undefined)
    errors.push({ field: 'label', message: `is unknown; newsroom.json has ${[...file.labels.keys()].join(', ')}` });
  if (section && !file.sections.has(section))
    errors.push({ field: 'section', message: `is unknown; newsroom.json has ${[...file.sections].join(', ')}` });
  if (errors.length > 0) throw invalidFields(errors);
  return {
    ...(label && { label: { code: label, text } }),
    ...(tags && { tags: tags.map((name) => ({ slug: slugOf(name), name })) }),
  };
}

/** The way back: an item as it would be written, labels as codes and tags as names. */
export function writtenOf(item: Item): Written {
  const { label, tags, ...content } = Content.parse(item);
  return { ...content, label: label?.code, tags: tags.map(({ name }) => name) };
}
