/**
 * Messages found again after UIDVALIDITY has changed, by mbsync's rule: no contradiction, and twenty matches or four
 * fifths of what can be compared. Anything less, and nothing is known of the old UIDs. Pure.
 */
import type { Message } from '../../model.ts';

const ENOUGH_MATCHES = 20;
const ENOUGH_SHARE = 0.8;

/** The new UID of each old one that was found again; null where the two are not the same mailbox. */
export function findRenumbered(
  before: Iterable<Message>,
  after: Iterable<Message>,
): ReadonlyMap<number, number> | null {
  const byName = new Map<string, Message[]>();
  for (const row of after) {
    const name = nameOf(row);
    if (name) byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  const found = new Map<number, number>();
  let compared = 0;
  for (const row of before) {
    const name = nameOf(row);
    if (!name) continue;
    compared += 1;
    const same = byName.get(name);
    if (!same) continue;
    const matches = same.filter(({ date, size }) => date === row.date && size === row.size);
    // The same name on another message: these are not the messages we knew.
    if (matches.length === 0) return null;
    // Of several copies none can be told from the others.
    const [match, ...others] = matches;
    if (match && others.length === 0) found.set(row.uid, match.uid);
  }
  return found.size >= ENOUGH_MATCHES || (compared > 0 && found.size >= compared * ENOUGH_SHARE) ? found : null;
}

function nameOf({ emailId, messageId }: Message): string {
  return emailId ? `id ${emailId}` : messageId;
}
