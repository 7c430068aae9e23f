/** A headline as newsrooms write them, and all that readers get with it: about 600 bytes as a message. */
const HEADLINE =
  'Zelenskyy says talks on the reconstruction of the energy grid go on as winter nears and allies meet in Paris';
const URL = 'https://news.example/europe/2026/11/23/reconstruction-of-the-energy-grid-talks-go-on-in-paris';

export interface Publication {
  number: number;
  /** Nanoseconds of the monotonic clock, which all processes of a machine share. */
  sent: bigint;
  tags?: readonly string[];
}

/** What Motograph is posted. Readers find the mark in the headline: number and time. */
export function draft({ number, sent, tags = ['Zelenskyy', 'France'] }: Publication) {
  return {
    edition: 'en',
    headline: `${HEADLINE} ~B${number}.${sent}~`,
    url: URL,
    label: 'explainer',
    tags,
    sources: ['AP'],
  };
}

/** What Motograph makes of it for readers, for the peers to send: the same fields, the same length. */
export function message(publication: Publication): string {
  const { headline, url, tags } = draft(publication);
  const at = '2026-11-23T22:34:05.123Z';
  return JSON.stringify({
    type: 'item',
    position: `k3x9q2m7.${publication.number}.0123456789ab`,
    item: {
      id: '019ab2c4-5d6e-7f80-9a1b-2c3d4e5f6071',
      edition: 'en',
      revision: 1,
      headline,
      url,
      label: { code: 'explainer', text: 'Explainer' },
      tags: tags.map((name) => ({ slug: name.toLowerCase(), name })),
      sources: ['AP'],
      urgency: 5,
      publishedAt: at,
      significantAt: at,
      revisedAt: at,
      amendments: [],
    },
  });
}
