/** Sets of sequence numbers or UIDs (RFC 9051 section 9, sequence-set). */

/** `*` is Infinity until the largest number in use is known. */
export type SequenceSet = readonly (readonly [from: number, to: number])[];

/** Null when the text is no sequence set. */
export function parseSequenceSet(text: string): SequenceSet | null {
  if (!/^(\d{1,10}|\*)(:(\d{1,10}|\*))?(,(\d{1,10}|\*)(:(\d{1,10}|\*))?)*$/.test(text)) return null;
  return text.split(',').map((range) => {
    const [from, to] = range.split(':').map((end) => (end === '*' ? Number.POSITIVE_INFINITY : Number(end)));
    return [from ?? 0, to ?? from ?? 0];
  });
}

/** @param largest what `*` stands for; the ends of a range may come in either order */
export function isInSet(set: SequenceSet, number: number, largest: number): boolean {
  const end = (number: number): number => (Number.isFinite(number) ? number : largest);
  return set.some(([from, to]) => {
    return number >= Math.min(end(from), end(to)) && number <= Math.max(end(from), end(to));
  });
}

/** The shortest text for ascending numbers: `1:3,7`. */
export function formatSequenceSet(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}:${to}`)).join(',');
}
