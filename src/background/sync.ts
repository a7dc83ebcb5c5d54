/** The first pipe: what the bridge says goes into the store, one frame in one transaction. */
import { mailboxKey } from '../counting.ts';
import type { Account, Message } from '../model.ts';
import type { BridgeEvent, EventOf, UnknownMessage } from '../protocol.ts';
import { type Area, announceChange, type Mailbox, type MessageRow, type Store } from '../store.ts';
import { keysFrom, keysOf } from './store-writer.ts';

/** A snapshot whose end has not come yet. */
interface OpenSnapshot {
  begin: EventOf<'begin'>;
  rows: Message[];
}

export interface Sync {
  /**
   * Applies a frame's mailbox and account events; others are left to whom they concern. True when a delta did not fit
   * what is held: the bridge must then be asked again by `resume`.
   */
  apply(events: readonly (BridgeEvent | UnknownMessage)[]): Promise<boolean>;
  /** Forgets half a snapshot: a new line starts with a new one. */
  reset(): void;
}

const MAIL_AREAS = ['accounts', 'statuses', 'folders', 'mailboxes', 'messages', 'contents'] as const satisfies Area[];

export function makeSync(store: Store, announce: (areas: readonly Area[]) => void = announceChange): Sync {
  const open = new Map<string, OpenSnapshot>();

  async function apply(events: readonly (BridgeEvent | UnknownMessage)[]): Promise<boolean> {
    const transaction = store.transaction(MAIL_AREAS, 'readwrite');
    const accounts = transaction.objectStore('accounts');
    const statuses = transaction.objectStore('statuses');
    const folders = transaction.objectStore('folders');
    const mailboxes = transaction.objectStore('mailboxes');
    const messages = transaction.objectStore('messages');
    const changed = new Set<Area>();
    let gap = false;

    async function replaceAccounts({ accounts: list }: EventOf<'accounts'>): Promise<void> {
      const named = new Set(list.map((account) => account.id));
      for (const id of await accounts.getAllKeys()) {
        if (named.has(id)) continue;
        await Promise.all([
          accounts.delete(id),
          statuses.delete(id),
          folders.delete(id),
          mailboxes.delete(keysOf(id)),
          messages.delete(keysOf(id)),
          transaction.objectStore('contents').delete(keysOf(id)),
        ]);
      }
      for (const account of list) {
        const before = await accounts.get(account.id);
        // Another mailbox: what was counted in the old one says nothing about it.
        if (before && !sameMailbox(before, account)) await statuses.delete(account.id);
      }
      await Promise.all(list.map((account, position) => accounts.put({ ...account, position })));
      // A folder that counts no more is told of no more either.
      const watched = new Set(
        list.flatMap(({ id, folders: paths = ['INBOX'] }) =>
          paths.map((path) => mailboxKey({ account: id, folder: path })),
        ),
      );
      for (const { account, folder } of await mailboxes.getAll()) {
        if (watched.has(mailboxKey({ account, folder }))) continue;
        await Promise.all([mailboxes.delete([account, folder]), messages.delete(keysOf(account, folder))]);
      }
      for (const area of MAIL_AREAS) changed.add(area);
    }

    async function replaceMailbox({ begin, rows }: OpenSnapshot): Promise<void> {
      const { account, folder, epoch, revision, uidValidity, low, partial } = begin;
      const same = (await mailboxes.get([account, folder]))?.uidValidity === uidValidity;
      const known = same ? await Promise.all(rows.map(({ uid }) => messages.get([account, folder, uid]))) : [];
      // Older rows are still on their way: a list that shrinks for a moment would jump.
      await messages.delete(partial && same ? keysFrom(account, folder, low) : keysOf(account, folder));
      await Promise.all(rows.map((row, at) => messages.put(toRow(withWords(row, known[at])))));
      await mailboxes.put({ account, folder, epoch, revision, uidValidity, low });
      changed.add('messages').add('mailboxes');
    }

    async function applyDelta(delta: EventOf<'delta'>): Promise<void> {
      const { account, folder } = delta;
      const held = await mailboxes.get([account, folder]);
      if (!fits(held, delta)) {
        gap ||= !isRepeat(held, delta);
        return;
      }
      await Promise.all(delta.gone.map((uid) => messages.delete([account, folder, uid])));
      for (const { uid, seen, flagged, answered } of delta.flags) {
        const row = await messages.get([account, folder, uid]);
        if (row) await messages.put(toRow({ ...row, seen, flagged, answered }));
      }
      await Promise.all(delta.rows.map((row) => messages.put(toRow(row))));
      await mailboxes.put({ ...held, revision: delta.revision });
      changed.add('messages').add('mailboxes');
    }

    for (const event of events) {
      switch (event.type) {
        case 'accounts':
          await replaceAccounts(event);
          break;
        case 'status': {
          const { type: _, ...status } = event;
          const before = await statuses.get(status.account);
          // A bridge that has just started knows no number yet; the last good one stays, and is shown as old.
          const kept = status.unread === null && before ? { unread: before.unread, asOf: before.asOf } : {};
          await statuses.put({ ...status, ...kept });
          changed.add('statuses');
          break;
        }
        case 'folders':
          await folders.put({ account: event.account, folders: event.folders });
          changed.add('folders');
          break;
        case 'begin':
          open.set(nameOf(event), { begin: event, rows: [] });
          break;
        case 'rows':
          open.get(nameOf(event))?.rows.push(...event.rows);
          break;
        case 'end': {
          const snapshot = open.get(nameOf(event));
          open.delete(nameOf(event));
          if (snapshot) await replaceMailbox(snapshot);
          break;
        }
        case 'delta':
          await applyDelta(event);
          break;
        default:
      }
    }
    await transaction.done;
    if (changed.size > 0) announce([...changed]);
    return gap;
  }

  return { apply, reset: () => open.clear() };
}

function nameOf({ account, folder, epoch }: { account: string; folder: string; epoch: string }): string {
  return JSON.stringify([account, folder, epoch]);
}

/** Whether both settings lead to the same mail, and the same of it counts. */
function sameMailbox(a: Account, b: Account): boolean {
  const named = ({ protocol, user, server: { host, port }, folders = ['INBOX'] }: Account) =>
    JSON.stringify([protocol, user, host, port, [...folders].sort()]);
  return named(a) === named(b);
}

function fits(held: Mailbox | undefined, delta: EventOf<'delta'>): held is Mailbox {
  return held !== undefined && held.epoch === delta.epoch && held.revision + 1 === delta.revision;
}

function isRepeat(held: Mailbox | undefined, delta: EventOf<'delta'>): boolean {
  return held !== undefined && held.epoch === delta.epoch && delta.revision <= held.revision;
}

/** What was known of the body stays until the bridge has looked at it again. */
function withWords(row: Message, known: Message | undefined): Message {
  return row.snippet === null && known ? { ...row, snippet: known.snippet, hasAttachments: known.hasAttachments } : row;
}

/** `unread` stands on unseen rows only, so that its index holds these alone. */
function toRow(message: Message & { unread?: 1 }): MessageRow {
  const { unread: _, ...row } = message;
  return row.seen ? row : { ...row, unread: 1 };
}
