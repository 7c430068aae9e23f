import * as z from 'zod';
import { foldText, lineProblem, slugOf } from './text.ts';

/** Stated once, tested at the limit and one past it. Characters are code points after folding. */
export const LIMITS = {
  headline: 300,
  summary: 1000,
  notice: 500,
  /** byline, dateline, slugline and each source */
  line: 120,
  url: 2048,
  tags: 12,
  tag: 60,
  sources: 6,
} as const;

/** IPTC: 1 is flash, 2 bulletin, 3 urgent, 5 routine, 8 deferred. */
const ROUTINE = 5;

/** One line of text, folded; what is wrong with it is said in words. */
export const line = (max: number) =>
  z
    .string()
    .overwrite(foldText)
    .superRefine((text, context) => {
      const problem = lineProblem(text, max);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    });

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is not a code: a-z, 0-9 and "-", at most 40 characters');
const time = z.iso.datetime({ precision: 3 });
/** A time as people and programs give it, with any offset. */
export const GivenTime = z.iso.datetime({
  offset: true,
  error: ({ input }) => (input === undefined ? 'is required' : 'is not an RFC 3339 time'),
});
const revision = z.int().min(1);
export const ItemId = z.uuid({ version: 'v7' });

export const WebUrl = z
  .string()
  .overwrite((text) => text.trim())
  .max(LIMITS.url, `is longer than ${LIMITS.url} characters`)
  .pipe(z.url({ protocol: /^https?$/, normalize: true, error: 'is not an http or https address' }))
  .refine((url) => !/^https?:\/\/[^/?#]*@/.test(url), 'holds a user name or password')
  .refine((url) => url.length <= LIMITS.url, `is longer than ${LIMITS.url} characters`);

const tagName = line(LIMITS.tag).refine((name) => slugOf(name) !== '', 'holds no letter or digit');
const tagNames = z
  .array(tagName)
  .max(LIMITS.tags, `has more than ${LIMITS.tags} tags`)
  .overwrite((names) => names.filter((name, at) => names.findIndex((other) => slugOf(other) === slugOf(name)) === at));

/** What a newsroom writes. Labels and sections are codes of `newsroom.json`, tags are names. */
const written = {
  headline: line(LIMITS.headline),
  url: WebUrl.optional(),
  label: slug.optional(),
  tags: tagNames.default([]),
  section: slug.optional(),
  summary: line(LIMITS.summary).optional(),
  byline: line(LIMITS.line).optional(),
  dateline: line(LIMITS.line).optional(),
  slugline: line(LIMITS.line).optional(),
  sources: z.array(line(LIMITS.line)).max(LIMITS.sources).default([]),
  urgency: z.int().min(1).max(9).default(ROUTINE),
  translationGroup: ItemId.optional(),
};

/** A headline on its way in. Its own type, so that nothing of the newsroom's side can be sent to readers by mistake. */
export const Draft = z.strictObject({ edition: z.string(), ...written });
export type Draft = z.infer<typeof Draft>;

/** A line of an import: a draft with the time of its first publication, and its id when it comes from an export. */
export const Import = z.strictObject({
  edition: z.string(),
  ...written,
  id: ItemId.optional(),
  publishedAt: GivenTime,
});
export type Import = z.infer<typeof Import>;

/** `null` takes an optional field away, an absent field leaves it as it is. */
const changes = z.strictObject({
  headline: written.headline.optional(),
  url: written.url.nullable(),
  label: written.label.nullable(),
  tags: tagNames.optional(),
  section: written.section.nullable(),
  summary: written.summary.nullable(),
  byline: written.byline.nullable(),
  dateline: written.dateline.nullable(),
  slugline: written.slugline.nullable(),
  sources: z.array(line(LIMITS.line)).max(LIMITS.sources).optional(),
  urgency: z.int().min(1).max(9).optional(),
  translationGroup: written.translationGroup.nullable(),
});
export type Changes = z.infer<typeof changes>;

export const Notice = line(LIMITS.notice);
const AmendmentKind = z.enum(['refile', 'update', 'clarification', 'correction']);
export type AmendmentKind = z.infer<typeof AmendmentKind>;

/** `revision` is the one the editor was looking at. */
export const Amendment = z
  .strictObject({ kind: AmendmentKind, changes: changes.default({}), notice: Notice.optional(), revision })
  .superRefine(({ kind, notice, changes }, context) => {
    const told = kind === 'correction' || kind === 'clarification';
    if (told && notice === undefined)
      context.addIssue({ code: 'custom', path: ['notice'], message: `is required for a ${kind}` });
    if (kind === 'refile' && notice !== undefined)
      context.addIssue({ code: 'custom', path: ['notice'], message: 'has no place on a refile; send a clarification' });
    if (!told && Object.keys(changes).length === 0)
      context.addIssue({ code: 'custom', path: ['changes'], message: `is empty; to ${kind} is to change something` });
  });
export type Amendment = z.infer<typeof Amendment>;

/** What readers see of an item's words: labels and tags joined with their texts and slugs. */
export const Content = z.object({
  headline: z.string(),
  url: z.string().optional(),
  label: z.object({ code: z.string(), text: z.string() }).optional(),
  tags: z.array(z.object({ slug: z.string(), name: z.string() })),
  section: z.string().optional(),
  summary: z.string().optional(),
  byline: z.string().optional(),
  dateline: z.string().optional(),
  slugline: z.string().optional(),
  sources: z.array(z.string()),
  urgency: z.int(),
  translationGroup: z.string().optional(),
});
export type Content = z.infer<typeof Content>;

export const Item = Content.extend({
  id: ItemId,
  edition: z.string(),
  revision,
  publishedAt: time,
  significantAt: time,
  revisedAt: time,
  pinnedUntil: time.optional(),
  amendments: z.array(z.object({ revision, kind: AmendmentKind, at: time, notice: z.string().optional() })),
});
export type Item = z.infer<typeof Item>;

/** What stays of a killed item, for ever. Never any of its text. */
export const Tombstone = z.object({
  id: ItemId,
  edition: z.string(),
  revision,
  publishedAt: time,
  killedAt: time,
  notice: z.string(),
});
export type Tombstone = z.infer<typeof Tombstone>;

export function isTombstone(entry: Item | Tombstone): entry is Tombstone {
  return 'killedAt' in entry;
}
