export type Cell = string | number;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** The first column to the left, the others to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const lines = [head, ...rows.map((row) => row.map(shown))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)));
    console.log(`  ${cells.join('  ')}`);
  }
}

/** A figure of all runs against its target: the median counts. */
export function printTarget(words: string, values: readonly number[], most: number): void {
  const value = median(values);
  const spread = values.length > 1 ? `, ${shown(Math.min(...values))} to ${shown(Math.max(...values))}` : '';
  console.log(`  ${value <= most ? 'met   ' : 'MISSED'}  ${words}: ${shown(value)}${spread} (at most ${shown(most)})`);
}

export function shown(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return '-';
  if (Number.isInteger(cell) || Math.abs(cell) >= 1000) return String(Math.round(cell));
  return cell.toFixed(Math.abs(cell) >= 100 ? 0 : 2);
}
