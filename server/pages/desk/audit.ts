import { type ComponentChildren, h } from 'preact';
import { fillIn } from '../../../shared/sentence.ts';
import { type Inside, within } from './door.ts';
import { grantsIn, grantText } from './grants.ts';
import { insidePage } from './layout.ts';
import { type ItemAct, itemSentence, type Names, type OfficeAct, officeSentence } from './sentence.ts';
import { when, zoneOf } from './when.ts';
import type { DeskWords } from './words.ts';

export interface AuditPage extends Inside {
  /** Absent: what was done in the office. */
  edition: string | undefined;
  /** The editions whose audit this person may see. */
  allowed: readonly string[];
  /** Whether they may see the office's. */
  office: boolean;
  rows: readonly (ItemAct | OfficeAct)[];
  names: Names;
  /** Whether rows are left below the last one. */
  more: boolean;
  /** Whether newer rows are left out. */
  paged: boolean;
}

/** Who did what, newest first. */
export function auditPage(page: AuditPage): string {
  const { words, edition, rows, more, paged } = page;
  const ours = words.record;
  const info = page.editions.find(({ id }) => id === edition);
  const last = rows.at(-1);
  return insidePage(page, {
    name: 'audit',
    title: ours.title,
    children: [
      h('h1', null, ours.title),
      h('p', { class: 'lead' }, ours.lead),
      filters(page),
      h(
        'section',
        { class: 'card', 'aria-labelledby': 'rows' },
        h(
          'div',
          { class: 'top' },
          h('h2', { id: 'rows', lang: info?.language }, info?.name ?? ours.office),
          h('a', { class: 'act', href: `/v1/audit/export${query(edition)}`, download: true }, ours.export),
        ),
        rows.length === 0
          ? h('p', { class: 'none' }, ours.none)
          : h(
              'ol',
              { class: 'rows log' },
              rows.map((row) => line(page, row)),
            ),
        (more || paged) &&
          h(
            'nav',
            { class: 'ways', 'aria-label': ours.pages },
            paged && h('a', { class: 'button quiet', href: within(page, `/desk/audit${query(edition)}`) }, ours.newest),
            more &&
              last &&
              h(
                'a',
                { class: 'button quiet', href: within(page, `/desk/audit${query(edition, last.seq)}`) },
                ours.older,
              ),
          ),
        h('p', { class: 'hint' }, fillIn(words.zone, { zone: zoneOf(page) })),
      ),
    ],
  });
}

function filters(page: AuditPage) {
  const { words, editions, allowed, office, edition } = page;
  const ours = words.record;
  const link = (id: string | undefined, name: string, language?: string) =>
    h(
      'li',
      null,
      h(
        'a',
        {
          class: 'filter',
          href: within(page, `/desk/audit${query(id)}`),
          lang: language,
          'aria-current': id === edition ? 'true' : undefined,
        },
        name,
      ),
    );
  return h(
    'nav',
    { 'aria-label': ours.show },
    h(
      'ul',
      { class: 'filters' },
      office && link(undefined, ours.office),
      editions.filter(({ id }) => allowed.includes(id)).map(({ id, name, language }) => link(id, name, language)),
    ),
  );
}

function line(page: AuditPage, row: ItemAct | OfficeAct) {
  const { words, names } = page;
  const sentence = 'subject' in row ? officeSentence(words, names, row) : itemSentence(words, names, row);
  const facts = ('subject' in row ? officeFacts(page, row) : itemFacts(page, row)).filter(Boolean);
  return h(
    'li',
    { class: 'row' },
    h('p', { class: 'at' }, when(page, row.at)),
    h(
      'div',
      null,
      h('p', { class: 'title' }, sentence),
      'notice' in row && row.notice !== undefined && h('p', { class: 'notice' }, h('bdi', null, row.notice)),
      h(
        'p',
        { class: 'facts' },
        facts.flatMap((fact, at) => (at ? ['\u00a0· ', fact] : [fact])),
      ),
    ),
  );
}

function itemFacts({ words }: AuditPage, { revision, from, digest }: ItemAct): ComponentChildren[] {
  const ours = words.record;
  return [
    fillIn(ours.revision, { revision: String(revision) }),
    fromWhere(words, from),
    digest !== undefined && h('code', { title: ours.digest }, digest.slice(0, 12)),
  ];
}

function officeFacts(page: AuditPage, { from, why }: OfficeAct): ComponentChildren[] {
  const { words } = page;
  const ways: Record<string, string> = { passkey: words.people.ways.passkeys, ...words.people.ways };
  const grants = why === undefined ? undefined : grantsIn(why);
  return [
    grants ? grants.map((grant) => grantText(page, grant)).join(', ') : why && (ways[why] ?? h('bdi', null, why)),
    fromWhere(words, from),
  ];
}

/** Only an address says where: a program of ours says what it is, and that stands in the sentence. */
function fromWhere(words: DeskWords, from: string): ComponentChildren {
  return /[.:]/.test(from) && fillIn(words.record.from, { from });
}

function query(edition: string | undefined, before?: number): string {
  const asked = new URLSearchParams();
  if (edition !== undefined) asked.set('edition', edition);
  if (before !== undefined) asked.set('before', String(before));
  return asked.size > 0 ? `?${asked}` : '';
}
