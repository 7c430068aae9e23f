import type { Child, Props } from '../../shared/hyper.ts';

export interface VElement {
  readonly tag: string;
  readonly props: NonNullable<Props>;
  readonly children: readonly VNode[];
}

export type VNode = VElement | string;

type Placed = ChildNode & { drawn?: VElement };

/** The widget's `h`: describes an element, which `draw` then puts into the page. */
export function h(tag: string, props: Props, ...children: Child<VElement>[]): VElement {
  return { tag, props: props ?? {}, children: flat(children) };
}

function flat(children: Child<VElement>[]): VNode[] {
  return children.flatMap((child) =>
    Array.isArray(child) ? flat(child) : child === undefined || child === '' ? [] : [child],
  );
}

/**
 * Makes `parent` hold just these children. A node whose key, or else whose place, stays is kept, so focus and
 * selection in it survive; it writes text and attributes only, never markup.
 */
export function draw(parent: ParentNode & Node, children: readonly VNode[]): void {
  const keyed = new Map<string, Placed>();
  const wanted = new Set(children.map(keyOf));
  for (const node of [...parent.childNodes] as Placed[]) {
    const key = node.drawn?.props.key;
    if (key === undefined) continue;
    // Gone before anything is placed: else each row below a removed one would be moved, and lose its focus.
    if (wanted.has(key)) keyed.set(key, node);
    else node.remove();
  }
  let at = parent.firstChild as Placed | null;
  for (const child of children) {
    const key = keyOf(child);
    const kept = key === undefined ? at : keyed.get(key);
    if (kept && kept !== at && kept === at?.nextSibling) {
      // The node in the way goes further down: move that one, not all that follow it.
      parent.append(at);
      at = kept;
    }
    const node = kept && fits(kept, child) ? kept : make(child);
    if (node === at) at = at.nextSibling as Placed | null;
    else parent.insertBefore(node, at);
    fill(node, child);
  }
  while (at) {
    const next = at.nextSibling as Placed | null;
    at.remove();
    at = next;
  }
}

function keyOf(child: VNode): string | undefined {
  return typeof child === 'string' ? undefined : child.props.key;
}

function fits(node: Placed, child: VNode): boolean {
  if (typeof child === 'string') return node.nodeType === Node.TEXT_NODE;
  return node.drawn?.tag === child.tag && node.drawn.props.key === child.props.key;
}

function make(child: VNode): Placed {
  return typeof child === 'string' ? document.createTextNode(child) : document.createElement(child.tag);
}

function fill(node: Placed, child: VNode): void {
  if (typeof child === 'string') {
    if (node.nodeValue !== child) node.nodeValue = child;
    return;
  }
  const element = node as Placed & HTMLElement;
  const before = element.drawn?.props ?? {};
  for (const [name, value] of Object.entries({ ...blank(before), ...child.props })) {
    if (name === 'key' || value === before[name]) continue;
    // Each class is a part too: what an embedder may style has one name.
    if (name === 'class' && value) element.setAttribute('part', value);
    if (value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  element.drawn = child;
  draw(element, child.children);
}

function blank(props: NonNullable<Props>): Record<string, undefined> {
  return Object.fromEntries(Object.keys(props).map((name) => [name, undefined]));
}
