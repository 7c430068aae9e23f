import { encode } from 'uqr';

const SVG = 'http://www.w3.org/2000/svg';
/** As ISO 18004 has it. */
const QUIET = 4;

/** A QR code, black on white in dark themes too: some cameras read no other. */
export function qrCode(text: string): SVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  const svg = draw('svg', { viewBox: `0 0 ${size} ${size}`, 'shape-rendering': 'crispEdges', 'aria-hidden': 'true' });
  svg.append(draw('path', { d: `M0 0h${size}v${size}h-${size}z`, fill: '#fff' }), draw('path', { d: dark.join('') }));
  return svg;
}

function draw(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}
