/** `#rrggbb` */
export type Colour = string;

/** `share` of the first and the rest of the second. */
export function mix(first: Colour, second: Colour, share: number): Colour {
  const [a, b] = [channels(first), channels(second)];
  const mixed = a.map((value, at) => Math.round(value * share + (b[at] ?? 0) * (1 - share)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** As WCAG counts it: 1 to 21. */
export function contrast(first: Colour, second: Colour): number {
  const [less = 0, more = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
}

export function isDark(colour: Colour): boolean {
  return contrast(colour, '#ffffff') > contrast(colour, '#000000');
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
