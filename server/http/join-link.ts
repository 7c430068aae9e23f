/** A one-time link. Its token stands in the fragment, which no server and no log is told: a visit uses nothing up. */
export function joinLink(home: string, token: string): string {
  return `${home}/desk/join#${token}`;
}
