/** Sets of UIDs as a server names them (RFC 9051 section 9, sequence-set), never counted out: the server chooses how many. */

const LARGEST_UID = 4294967295;

/** UIDs and UIDVALIDITY are non-zero 32-bit numbers; anything else a server says is ignored. */
export function isUid(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= LARGEST_UID;
}

/** A server that needs more ranges than this for one answer is not describing a mailbox. */
const MAX_RANGES = 200_000;

/** Ascending, apart from each other, both ends included. */
export type UidRanges = readonly (readonly [first: number, last: number])[];

/** Reads `1:3,7`; null for anything that is no set of UIDs. */
export function parseUidRanges(text: string): UidRanges | null {
  const parts = text.split(',', MAX_RANGES + 1);
  if (parts.length > MAX_RANGES) return null;
  const ranges: [number, number][] = [];
  for (const part of parts) {
    const match = /^([1-9]\d{0,9})(?::([1-9]\d{0,9}))?$/.exec(part);
    if (!match) return null;
    const [a, b] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (Math.max(a, b) > LARGEST_UID) return null;
    ranges.push([Math.min(a, b), Math.max(a, b)]);
  }
  return merge(ranges);
}

function merge(ranges: [number, number][]): UidRanges {
  const merged: [number, number][] = [];
  for (const [first, last] of ranges.sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** Both sets in one. */
export function joinUidRanges(a: UidRanges, b: UidRanges): UidRanges {
  return merge([...a, ...b].map(([first, last]) => [first, last]));
}

/** How many UIDs there are. */
export function uidCount(ranges: UidRanges): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** Whether the UID is among them; by halving. */
export function hasUid(ranges: UidRanges, uid: number): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first = 0, last = 0] = ranges[middle] ?? [];
    if (uid < first) high = middle - 1;
    else if (uid > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Each UID, ascending; null when there are more than `most`. */
export function listUids(ranges: UidRanges, most: number): number[] | null {
  if (uidCount(ranges) > most) return null;
  return ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
}
