/** Plays the background: writes the real store and tells the pages. */
import type { Account, AccountStatus, Folder, Message } from '../../../src/model.ts';
import {
  AREAS,
  type Area,
  announceChange,
  type Content,
  type FileChunk,
  type Link,
  type Mailbox,
  type OutboxRow,
  openStore,
  type Want,
} from '../../../src/store.ts';

/** What stands in the store; an area that is named is replaced as a whole, the others stay. */
export interface Seed {
  accounts?: Account[];
  statuses?: AccountStatus[];
  folders?: { account: string; folders: Folder[] }[];
  mailboxes?: Mailbox[];
  messages?: Message[];
  contents?: Content[];
  chunks?: FileChunk[];
  found?: (Message & { want: string })[];
  outbox?: OutboxRow[];
  wants?: Want[];
  link?: Link;
}

declare global {
  var seed: (content: Seed) => Promise<void>;
  /** Empties the store and the settings. */
  var clearAll: () => Promise<void>;
}

const store = openStore();

globalThis.seed = async (content) => {
  const areas = Object.keys(content) as Area[];
  if (areas.length === 0) return;
  const transaction = (await store).transaction(areas, 'readwrite');
  for (const area of areas) {
    const target = transaction.objectStore(area as 'accounts');
    await target.clear();
    if (area === 'link') await transaction.objectStore('link').put(content.link as Link, 'link');
    else for (const [position, row] of rowsOf(content, area).entries()) void target.put({ ...row, position } as never);
  }
  await transaction.done;
  announceChange(areas);
};

globalThis.clearAll = async () => {
  localStorage.clear();
  const transaction = (await store).transaction([...AREAS], 'readwrite');
  for (const area of AREAS) void transaction.objectStore(area).clear();
  await transaction.done;
};

function rowsOf(content: Seed, area: Exclude<Area, 'link'>): object[] {
  if (area !== 'messages') return content[area] ?? [];
  return (content.messages ?? []).map((message) => (message.seen ? message : { ...message, unread: 1 }));
}
