export type Props = Readonly<Record<string, string | undefined>> | null;

/** What a node may hold; `undefined` is left out, so that markup can be written with `&&` and `?:`. */
export type Child<N> = N | string | undefined | Child<N>[];

/**
 * Writes one element. Preact's `h` fits on the server and the widget's own in the browser, so the markup is stated
 * once. Props are HTML attributes by their HTML names; `key` names a node among its siblings.
 */
export type H<N> = (tag: string, props: Props, ...children: Child<N>[]) => N;
