import type { EditionInfo } from '../../../shared/wire.ts';
import type { Grant } from '../../roles.ts';
import type { DeskWords } from './words.ts';

/** What every page of the newsroom's side is made from. */
export interface Door {
  newsroom: string;
  words: DeskWords;
  /** The language that the address asks for: links keep it. */
  lang: string | undefined;
  /** With the query, but for its language: where the languages lead to. */
  path: string;
  /** Whether the newsroom has single sign-on. */
  sso: boolean;
  /** Why browsers refuse passkeys at this address, where they do. */
  passkeysOff: keyof DeskWords['passkeysOff']['why'] | undefined;
}

/** Of a page behind the door. */
export interface Inside extends Door {
  me: Me;
  editions: readonly EditionInfo[];
  /** Epoch milliseconds. */
  now: number;
}

/** Who looks at the page. */
interface Me {
  id: string;
  name: string;
  grants: readonly Grant[];
  methods: Methods;
}

/** How somebody signs in. */
export interface Methods {
  passkeys: readonly { id: string; name: string; createdAt: string; lastUsedAt?: string | undefined }[];
  password: boolean;
  sso: boolean;
}

/** An address of ours in the language that this one is in. */
export function within({ lang }: Door, path: string): string {
  return lang === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`;
}
