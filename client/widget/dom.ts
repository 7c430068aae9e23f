import type { Child, Props } from '../../shared/hyper.ts';

export interface VElement {
  readonly tag: string;
  readonly props: NonNullable<Props>;
  readonly children: readonly VNode[];
}

/** A text has neither, so what both have is asked in one way. */
type VText = string & { readonly tag?: never; readonly props?: never };

export type VNode = VElement | VText;

type Placed = ChildNode & { drawn?: VElement };

/** The widget's `h`: describes an element, which `draw` then puts into the page. */
export function h(tag: string, props: Props, ...children: Child<VElement>[]): VElement {
  return { tag, props: props ?? {}, children: children.flat(9).filter(Boolean) as VNode[] };
}

/**
 * Makes `parent` hold just these children. A node whose key, or else whose place, stays is kept, so focus and
 * selection in it survive; it writes text and attributes only, never markup.
 */
export function draw(parent: ParentNode & Node, children: readonly VNode[]): void {
  const nodes = [...parent.childNodes] as Placed[];
  const wanted = children.map(keyOf);
  // Gone before anything is placed: else each row below a removed one would be moved, and lose its focus.
  for (const node of nodes) if (!wanted.includes(keyOf(node.drawn))) node.remove();
  let at = parent.firstChild as Placed | null;
  for (const child of children) {
    const key = keyOf(child);
    const kept = key === undefined ? at : nodes.find(({ drawn }) => keyOf(drawn) === key);
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
  while (parent.childNodes.length > children.length) parent.lastChild?.remove();
}

function keyOf(child: VNode | undefined): string | undefined {
  return child?.props?.key;
}

function fits({ drawn }: Placed, child: VNode): boolean {
  return drawn?.tag === child.tag && keyOf(drawn) === keyOf(child);
}

function make({ tag }: VNode): Placed {
  return tag ? document.createElement(tag) : new Text();
}

function fill(node: Placed, child: VNode): void {
  if (!child.tag) {
    if (node.nodeValue !== child) node.nodeValue = child as VText;
    return;
  }
  const element = node as Placed & HTMLElement;
  const before = element.drawn?.props ?? {};
  for (const name of Object.keys({ ...before, ...child.props })) {
    const value = child.props[name];
    if (name === 'key' || value === before[name]) continue;
    // Each class is a part too: what an embedder may style has one name.
    if (name === 'class' && value) element.setAttribute('part', value);
    if (value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  element.drawn = child;
  draw(element, child.children);
}
