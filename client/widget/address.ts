/** Where an edition, or its view by tag or section, is read. */
export interface Source {
  /** The address of the service, without a slash at its end. */
  src: string;
  edition: string;
  tag: string | undefined;
  section: string | undefined;
  /** The site around the ticker, where a frame hides it: for the newsroom's count of readers by site. */
  site?: string | undefined;
}

export interface Address {
  snapshot(limit: number, min: string | undefined): string;
  live(since: string): string;
}

export function addressOf({ src, edition, tag, section, site }: Source): Address {
  const base = `${src}/v1/editions/${encodeURIComponent(edition)}`;
  const query = (values: Record<string, string | undefined>) =>
    Object.entries({ ...values, tag, section })
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
  return {
    snapshot: (limit, min) => `${base}/snapshot?${query({ limit: String(limit), min })}`,
    live: (since) => `${base}/live?${query({ since, site })}`,
  };
}
