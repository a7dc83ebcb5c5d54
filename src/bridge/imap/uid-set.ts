/** UID sets as the wire wants them (RFC 9051 section 9, sequence-set). Pure. */

/** Longer commands are refused by some servers; RFC 2683 section 3.2.1.5 advises 1,000 octets. */
const MAX_SET_LENGTH = 900;

/**
 * The UIDs as sets such as `1:3,7`, each short enough for one command. Order and repeats do not matter.
 * @param most of one set; for answers that are large, so that each comes within its deadline
 */
export function toUidSets(uids: Iterable<number>, most = Number.POSITIVE_INFINITY): string[] {
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const sets: string[] = [];
  for (let at = 0; at < sorted.length; at += most) sets.push(...joined(sorted.slice(at, at + most)));
  return sets;
}

function joined(sorted: readonly number[]): string[] {
  const sets: string[] = [];
  let set = '';
  for (const range of ranges(sorted)) {
    if (set && set.length + range.length + 1 > MAX_SET_LENGTH) {
      sets.push(set);
      set = '';
    }
    set += set ? `,${range}` : range;
  }
  return set ? [...sets, set] : sets;
}

function* ranges(sorted: readonly number[]): Generator<string> {
  let [first, last] = [sorted[0], sorted[0]];
  if (first === undefined || last === undefined) return;
  for (const uid of sorted.slice(1)) {
    if (uid === last + 1) last = uid;
    else {
      yield first === last ? `${first}` : `${first}:${last}`;
      [first, last] = [uid, uid];
    }
  }
  yield first === last ? `${first}` : `${first}:${last}`;
}
